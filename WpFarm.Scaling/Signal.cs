namespace WpFarm.Scaling;

/// <summary>What is measured of a tier's pool.</summary>
public enum Signal
{
    /// <summary>Percent of the CPU that the ready containers may use, 0 to 100, on average over them.</summary>
    Cpu,

    /// <summary>Percent of the memory that they may use, 0 to 100, on average over them.</summary>
    Memory,

    /// <summary>Milliseconds that a request takes, on average.</summary>
    Latency,

    /// <summary>Requests that wait in the balancer, divided by the ready containers.</summary>
    Queue,

    /// <summary>Percent of the PHP workers that are busy, 0 to 100.</summary>
    Busy,

    /// <summary>Of read replicas instead of a pool: statements that run on each, in percent of the CPU cores that it may use; 0 and up.</summary>
    Statements,
}

/// <summary>A value and when it was measured. A signal without one is missing, which is not the same as 0.</summary>
public sealed record Measurement(double Value, DateTimeOffset At);
