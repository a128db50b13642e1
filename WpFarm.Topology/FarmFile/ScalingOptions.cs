using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace WpFarm.Topology.FarmFile;

/// <summary>Autoscaling of a tier's pool, between the tier's <c>replicas.min</c> and <c>replicas.max</c>.</summary>
public sealed record ScalingOptions
{
    [Description("Let the Orchestrator change the number of containers. false: always replicas.min.")]
    public bool Enabled { get; init; }

    [Description("Measured loads. A signal above its threshold for its time recommends more containers. The highest recommendation wins.")]
    public SignalsOptions Signals { get; init; } = new();

    [Description("Scale-down stabilization window, in seconds."), Range(60, 86400)]
    public int DownAfterSeconds { get; init; } = 300;

    [Description("Times with other limits, by name: quiet hours, office hours, a sale. Schedules of a tier must not overlap.")]
    public IReadOnlyDictionary<string, ScheduleOptions> Schedules { get; init; } = new Dictionary<string, ScheduleOptions>();
}

public sealed record SignalsOptions
{
    [Description("CPU use of the pool's containers, in percent of their limit.")]
    public CpuSignalOptions Cpu { get; init; } = new();

    [Description("Memory use of the pool's containers, in percent of their limit.")]
    public MemorySignalOptions Memory { get; init; } = new();

    [Description("Average duration of requests.")]
    public LatencySignalOptions Latency { get; init; } = new();

    [Description("Requests waiting in the balancer, per container.")]
    public QueueSignalOptions Queue { get; init; } = new();

    [Description("Busy PHP workers, in percent of all.")]
    public BusySignalOptions Busy { get; init; } = new();
}

public sealed record CpuSignalOptions
{
    [Description("Threshold in percent, averaged over the containers."), Range(10.0, 95.0)]
    public double Above { get; init; } = 70;

    [Description("Seconds for which the value must be above the threshold."), Range(0, 3600)]
    public int Seconds { get; init; } = 300;
}

public sealed record MemorySignalOptions
{
    [Description("Threshold in percent, averaged over the containers. 0: signal off."), Range(0.0, 95.0)]
    public double Above { get; init; } = 80;

    [Description("Seconds for which the value must be above the threshold."), Range(0, 3600)]
    public int Seconds { get; init; } = 300;
}

public sealed record LatencySignalOptions
{
    [Description("Threshold in milliseconds, averaged over the requests. 0: signal off."), Range(0.0, 60000.0)]
    public double Above { get; init; } = 500;

    [Description("Seconds for which the value must be above the threshold."), Range(0, 3600)]
    public int Seconds { get; init; } = 30;
}

public sealed record QueueSignalOptions
{
    [Description("Threshold in waiting requests per container. 0: signal off."), Range(0.0, 1000.0)]
    public double Above { get; init; } = 1;

    [Description("Seconds for which the value must be above the threshold."), Range(0, 3600)]
    public int Seconds { get; init; }
}

public sealed record BusySignalOptions
{
    [Description("Threshold in percent. 0: signal off."), Range(0.0, 95.0)]
    public double Above { get; init; } = 60;

    [Description("Seconds for which the value must be above the threshold."), Range(0, 3600)]
    public int Seconds { get; init; } = 15;
}

public sealed record ScheduleOptions
{
    [Description("Start, as a cron expression of five fields (minute, hour, day, month, weekday), for example \"0 22 * * *\". Required.")]
    public string Start { get; init; } = "";

    [Description("Duration in hours."), Range(0.25, 168.0)]
    public double Hours { get; init; } = 8;

    [Description("Time zone of start, for example \"Europe/Berlin\".")]
    public string TimeZone { get; init; } = "UTC";

    [Description("Minimum number of containers. Default: the tier's replicas.min."), Range(1, 100)]
    public int? Min { get; init; }

    [Description("Maximum number of containers. Default: the tier's replicas.max."), Range(1, 100)]
    public int? Max { get; init; }
}

/// <summary>Recommendations for read replicas. They hold data, so only a person adds and removes them.</summary>
public sealed record ReplicaScalingOptions
{
    [Description("Recommend a number of read replicas in ./farm scale, and by an alert when it differs from database.readReplicas.")]
    public bool Enabled { get; init; }

    [Description("Lowest number to recommend."), Range(1, 8)]
    public int Min { get; init; } = 1;

    [Description("Highest number to recommend."), Range(1, 8)]
    public int Max { get; init; } = 4;

    [Description("Running statements per replica.")]
    public StatementsSignalOptions Statements { get; init; } = new();

    [Description("Stabilization window before a lower recommendation, in seconds."), Range(60, 604800)]
    public int DownAfterSeconds { get; init; } = 86400;
}

public sealed record StatementsSignalOptions
{
    [
        Description(
            "Threshold in percent of a replica's CPU cores, averaged over the replicas. Above 100, statements wait for each other."
        ),
        Range(10.0, 1000.0)
    ]
    public double Above { get; init; } = 70;

    [Description("Seconds for which the value must be above the threshold."), Range(0, 3600)]
    public int Seconds { get; init; } = 300;
}

/// <summary>Recommendations for edge nodes. Traefik runs on each of them, and only a person adds and removes nodes.</summary>
public sealed record EdgeScalingOptions
{
    [Description("Recommend a number of edge nodes from Traefik's load, in ./farm scale and by an alert. Needs a swarm with Traefik.")]
    public bool Enabled { get; init; }

    [Description("Lowest number to recommend."), Range(1, 100)]
    public int Min { get; init; } = 2;

    [Description("Highest number to recommend."), Range(1, 100)]
    public int Max { get; init; } = 6;

    [Description("CPU use of Traefik, in percent of its limit.")]
    public CpuSignalOptions Cpu { get; init; } = new();

    [Description("Stabilization window before a lower recommendation, in seconds."), Range(60, 604800)]
    public int DownAfterSeconds { get; init; } = 86400;
}
