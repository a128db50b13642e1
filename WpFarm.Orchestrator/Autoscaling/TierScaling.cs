using WpFarm.Scaling;

namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>What was last seen of a tier, and decided about it.</summary>
/// <param name="Mode">Whether the number of its containers follows the load.</param>
/// <param name="Min">Containers at least, now: a schedule may say otherwise than the tier does.</param>
/// <param name="Max">Containers at most, now.</param>
internal sealed record TierScaling(string Tier, ScalingMode Mode, int Min, int Max)
{
    /// <summary>When this was; null: nothing was looked at yet.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Containers that are wanted; null: not known.</summary>
    public int? Replicas { get; init; }

    /// <summary>Those of them that are healthy.</summary>
    public int? Ready { get; init; }

    /// <summary>How many there could be; null: as many as are asked for, or not known.</summary>
    public int? Capacity { get; init; }

    /// <summary>In the unit of each. What is not known is not in it.</summary>
    public IReadOnlyDictionary<Signal, double> Signals { get; init; } = new Dictionary<Signal, double>();

    /// <summary>The last decision, in words.</summary>
    public string? Reason { get; init; }

    public ScalingAlert Alert { get; init; }

    /// <summary>What kept it from being looked at, decided or done.</summary>
    public string? Trouble { get; init; }
}

internal enum ScalingMode
{
    /// <summary>farm.json does not say that it shall.</summary>
    Off,

    On,

    /// <summary>A person has said that it shall not for now.</summary>
    Paused,

    /// <summary>During a deployment, or while the database fails over.</summary>
    Held,

    /// <summary>Another Orchestrator scales.</summary>
    Waiting,

    /// <summary>Signals are missing: there may be more containers, and never fewer.</summary>
    Blind,
}

/// <summary>A change of a tier's containers.</summary>
/// <param name="By">Who decided it.</param>
/// <param name="Failure">Why not all of it could be done; null when it was.</param>
internal sealed record ScalingChange(DateTimeOffset At, string Tier, int From, int To, ScaledBy By, string Reason, string? Failure);

internal enum ScaledBy
{
    Load,
    Person,
}
