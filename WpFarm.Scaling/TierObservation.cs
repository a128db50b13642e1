namespace WpFarm.Scaling;

/// <summary>The observed state of a tier, as input of a decision.</summary>
public sealed record TierObservation
{
    /// <summary>Desired containers: the number that the engine was last given, by the Orchestrator or by a person. 0 and up.</summary>
    public required int Replicas { get; init; }

    /// <summary>Containers that answer requests.</summary>
    public required int Ready { get; init; }

    /// <summary>The latest measurement of each signal. A signal that could not be measured has no entry.</summary>
    public IReadOnlyDictionary<Signal, Measurement> Signals { get; init; } = new Dictionary<Signal, Measurement>();

    /// <summary>Why the number must not change now.</summary>
    public HoldReason Hold { get; init; }

    /// <summary>Containers of this tier that the nodes hold, including the running ones. Null if not known.</summary>
    public int? Capacity { get; init; }
}

/// <summary>Why a tier is not scaled.</summary>
public enum HoldReason
{
    None,
    Paused,
    Deployment,
    Failover,
}
