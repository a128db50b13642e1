namespace WpFarm.Contracts.Api;

/// <summary>The last observation of a tier, and the last decision about it.</summary>
/// <param name="Tier">A tier, or another part of the farm, whose name has a space: <c>read replicas</c>, <c>edge nodes</c>.</param>
/// <param name="Mode">Whether the number of containers follows the load, and why not.</param>
/// <param name="Min">Least number of containers now: a schedule may override that of the tier.</param>
/// <param name="Max">Largest number of containers now.</param>
public sealed record TierScaling(string Tier, ScalingMode Mode, int Min, int Max)
{
    /// <summary>Time of the observation; null before the first one.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The number of containers that is set on the engine; null: not known.</summary>
    public int? Replicas { get; init; }

    /// <summary>The number of containers that the last decision wants; null: no decision.</summary>
    public int? Wanted { get; init; }

    /// <summary>The number of healthy containers.</summary>
    public int? Ready { get; init; }

    /// <summary>The number of containers that the nodes can hold; null: enough for the decision, or not known.</summary>
    public int? Capacity { get; init; }

    /// <summary>Value of each signal, in the signal's unit. Signals that are not known are absent.</summary>
    public IReadOnlyDictionary<Signal, double> Signals { get; init; } = new Dictionary<Signal, double>();

    /// <summary>The last decision, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>A condition that a person should look into.</summary>
    public ScalingAlert Alert { get; init; }

    /// <summary>The error that prevented the observation, the decision or the change.</summary>
    public string? Trouble { get; init; }
}

public enum ScalingMode
{
    /// <summary>farm.json does not scale the tier.</summary>
    Off,

    /// <summary>The number of its containers follows the load.</summary>
    On,

    /// <summary>A person has paused it.</summary>
    Paused,

    /// <summary>Scaling is suspended during a deployment or a failover of the database.</summary>
    Held,

    /// <summary>Another Orchestrator runs the autoscaler.</summary>
    Waiting,

    /// <summary>Signals are missing: the tier may scale up, never down.</summary>
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
/// <param name="Failure">Why the change is incomplete; null when it is complete.</param>
public sealed record ScalingChange(DateTimeOffset At, string Tier, int From, int To, ScaledBy By, string Reason, string? Failure);

public enum ScaledBy
{
    /// <summary>The autoscaler.</summary>
    Load,

    Person,
}
