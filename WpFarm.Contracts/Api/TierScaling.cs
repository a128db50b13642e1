namespace WpFarm.Contracts.Api;

/// <summary>The last observation of a tier, and the last decision about it.</summary>
/// <param name="Tier">Or another part of the farm, whose name has a space: <c>read replicas</c>, <c>edge nodes</c>.</param>
/// <param name="Mode">Whether the number of its containers follows the load.</param>
/// <param name="Min">Containers at least, now: a schedule may say otherwise than the tier does.</param>
/// <param name="Max">Containers at most, now.</param>
public sealed record TierScaling(string Tier, ScalingMode Mode, int Min, int Max)
{
    /// <summary>When it was observed; null: not yet.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Containers that are wanted; null: not known.</summary>
    public int? Replicas { get; init; }

    /// <summary>Containers that the last decision asks for; null: nothing was decided.</summary>
    public int? Wanted { get; init; }

    /// <summary>Those of them that are healthy.</summary>
    public int? Ready { get; init; }

    /// <summary>How many there could be; null: as many as are asked for, or not known.</summary>
    public int? Capacity { get; init; }

    /// <summary>In the unit of each. A signal that is not known is left out.</summary>
    public IReadOnlyDictionary<Signal, double> Signals { get; init; } = new Dictionary<Signal, double>();

    /// <summary>The last decision, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>What a person should look at.</summary>
    public ScalingAlert Alert { get; init; }

    /// <summary>What kept it from being observed, decided or done.</summary>
    public string? Trouble { get; init; }
}

public enum ScalingMode
{
    /// <summary>farm.json does not scale it.</summary>
    Off,

    /// <summary>The number of its containers follows the load.</summary>
    On,

    /// <summary>A person has paused it.</summary>
    Paused,

    /// <summary>During a deployment, or while the database fails over.</summary>
    Held,

    /// <summary>Another Orchestrator scales.</summary>
    Waiting,

    /// <summary>Signals are missing: it may get more containers, never fewer.</summary>
    Blind,

    /// <summary>The Orchestrator recommends a number; a person changes it.</summary>
    Advice,
}

/// <summary>A measured load of a tier's pool, or of the read replicas.</summary>
public enum Signal
{
    /// <summary>CPU of the ready containers in percent of their limit, 0 to 100, averaged.</summary>
    Cpu,

    /// <summary>Memory of the ready containers in percent of their limit, 0 to 100, averaged.</summary>
    Memory,

    /// <summary>Average duration of a request, in milliseconds.</summary>
    Latency,

    /// <summary>Requests waiting in the balancer, per ready container.</summary>
    Queue,

    /// <summary>Busy PHP workers in percent of all, 0 to 100.</summary>
    Busy,

    /// <summary>For read replicas: running statements per replica, in percent of its CPU cores; 0 and up.</summary>
    Statements,
}

public enum ScalingAlert
{
    None,

    /// <summary>More containers improved neither a signal nor the throughput.</summary>
    BottleneckElsewhere,

    /// <summary>The signals recommend more than the maximum of the tier or its schedule.</summary>
    AtMaximum,

    /// <summary>The signals recommend more containers than the nodes hold.</summary>
    NodesFull,

    /// <summary>A signal is missing or stale. There is no scale-down until it is back.</summary>
    Blind,
}

/// <summary>A change of a tier's containers.</summary>
/// <param name="By">Who decided it.</param>
/// <param name="Failure">Why not all of it could be done; null when it was.</param>
public sealed record ScalingChange(DateTimeOffset At, string Tier, int From, int To, ScaledBy By, string Reason, string? Failure);

public enum ScaledBy
{
    /// <summary>The autoscaler.</summary>
    Load,

    Person,
}
