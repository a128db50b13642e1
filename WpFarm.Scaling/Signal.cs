namespace WpFarm.Scaling;

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

/// <summary>A value with its time. A signal without a measurement is missing, which is not the same as 0.</summary>
public sealed record Measurement(double Value, DateTimeOffset At);
