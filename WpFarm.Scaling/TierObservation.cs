namespace WpFarm.Scaling;

/// <summary>What is known of a tier when a decision is due.</summary>
public sealed record TierObservation
{
    /// <summary>Containers that are wanted now: what the engine was last told, by whomever. 0 and up.</summary>
    public required int Replicas { get; init; }

    /// <summary>Containers that answer requests now.</summary>
    public required int Ready { get; init; }

    /// <summary>The latest measurement of each signal. What could not be measured is not in it.</summary>
    public IReadOnlyDictionary<Signal, Measurement> Signals { get; init; } = new Dictionary<Signal, Measurement>();

    /// <summary>Why nothing may change now.</summary>
    public HoldReason Hold { get; init; }

    /// <summary>Containers of this tier that the nodes hold, those that run included. Null: not known.</summary>
    public int? Capacity { get; init; }
}

/// <summary>What keeps a tier as it is.</summary>
public enum HoldReason
{
    None,
    Paused,
    Deployment,
    Failover,
}
