using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace WpFarm.Topology.FarmFile;

/// <summary>When a tier's pool grows and shrinks, between the tier's <c>replicas.min</c> and <c>replicas.max</c>.</summary>
public sealed record ScalingOptions
{
    [Description("Let the Orchestrator change the number of containers. false: replicas.min run.")]
    public bool Enabled { get; init; }

    [Description("What is looked at. Any one over its threshold for its time asks for more containers; the one that asks for most wins.")]
    public SignalsOptions Signals { get; init; } = new();

    [Description("Seconds in which never more containers were needed, before there are fewer."), Range(60, 86400)]
    public int DownAfterSeconds { get; init; } = 300;

    [Description("Times with limits of their own, by a name: quiet hours, office hours, a sale. No two of a tier may be at the same time.")]
    public IReadOnlyDictionary<string, ScheduleOptions> Schedules { get; init; } = new Dictionary<string, ScheduleOptions>();
}

public sealed record SignalsOptions
{
    [Description("CPU that the pool's containers use, of what they may.")]
    public CpuSignalOptions Cpu { get; init; } = new();

    [Description("Memory that they use, of what they may.")]
    public MemorySignalOptions Memory { get; init; } = new();

    [Description("How long requests take.")]
    public LatencySignalOptions Latency { get; init; } = new();

    [Description("Requests that wait in the balancer, for each container.")]
    public QueueSignalOptions Queue { get; init; } = new();

    [Description("PHP workers that are busy, of all.")]
    public BusySignalOptions Busy { get; init; } = new();
}

public sealed record CpuSignalOptions
{
    [Description("Percent, on average over the containers."), Range(10.0, 95.0)]
    public double Above { get; init; } = 70;

    [Description("Seconds it is above without a break before it counts."), Range(0, 3600)]
    public int Seconds { get; init; } = 300;
}

public sealed record MemorySignalOptions
{
    [Description("Percent, on average over the containers. 0: not looked at."), Range(0.0, 95.0)]
    public double Above { get; init; } = 80;

    [Description("Seconds it is above without a break before it counts."), Range(0, 3600)]
    public int Seconds { get; init; } = 300;
}

public sealed record LatencySignalOptions
{
    [Description("Milliseconds, on average over the requests. 0: not looked at."), Range(0.0, 60000.0)]
    public double Above { get; init; } = 500;

    [Description("Seconds it is above without a break before it counts."), Range(0, 3600)]
    public int Seconds { get; init; } = 30;
}

public sealed record QueueSignalOptions
{
    [Description("Requests waiting, for each container. 0: not looked at."), Range(0.0, 1000.0)]
    public double Above { get; init; } = 1;

    [Description("Seconds it is above without a break before it counts."), Range(0, 3600)]
    public int Seconds { get; init; }
}

public sealed record BusySignalOptions
{
    [Description("Percent. 0: not looked at."), Range(0.0, 95.0)]
    public double Above { get; init; } = 60;

    [Description("Seconds it is above without a break before it counts."), Range(0, 3600)]
    public int Seconds { get; init; } = 15;
}

public sealed record ScheduleOptions
{
    [Description(
        "When it begins, as a cron expression of five fields (minute, hour, day, month, weekday), for example \"0 22 * * *\". Needed."
    )]
    public string Start { get; init; } = "";

    [Description("How long it lasts."), Range(0.25, 168.0)]
    public double Hours { get; init; } = 8;

    [Description("Time zone of start, for example \"Europe/Berlin\".")]
    public string TimeZone { get; init; } = "UTC";

    [Description("Containers, at least. Default: the tier's replicas.min."), Range(1, 100)]
    public int? Min { get; init; }

    [Description("Containers, at most. Default: the tier's replicas.max."), Range(1, 100)]
    public int? Max { get; init; }
}

/// <summary>Read replicas are made of data, so a person adds and removes them; what the load asks for is said.</summary>
public sealed record ReplicaScalingOptions
{
    [Description("Look at their load and say, in ./farm scale and by an alert, when other than database.readReplicas are needed.")]
    public bool Enabled { get; init; }

    [Description("The fewest that are asked for."), Range(1, 8)]
    public int Min { get; init; } = 1;

    [Description("The most that are asked for."), Range(1, 8)]
    public int Max { get; init; } = 4;

    [Description("Statements that run on them.")]
    public StatementsSignalOptions Statements { get; init; } = new();

    [Description("Seconds in which never more were needed, before fewer are asked for."), Range(60, 604800)]
    public int DownAfterSeconds { get; init; } = 86400;
}

public sealed record StatementsSignalOptions
{
    [
        Description(
            "Percent of the CPU cores that a replica may use, on average over the replicas: above 100 statements wait for each other."
        ),
        Range(10.0, 1000.0)
    ]
    public double Above { get; init; } = 70;

    [Description("Seconds it is above without a break before it counts."), Range(0, 3600)]
    public int Seconds { get; init; } = 300;
}

/// <summary>Traefik runs on each edge node of a swarm, so a person adds and removes nodes; what the load asks for is said.</summary>
public sealed record EdgeScalingOptions
{
    [Description(
        "Look at Traefik's load and say, in ./farm scale and by an alert, when more or fewer edge nodes are needed. Of a swarm with Traefik."
    )]
    public bool Enabled { get; init; }

    [Description("The fewest that are asked for."), Range(1, 100)]
    public int Min { get; init; } = 2;

    [Description("The most that are asked for."), Range(1, 100)]
    public int Max { get; init; } = 6;

    [Description("CPU that Traefik uses, of what it may.")]
    public CpuSignalOptions Cpu { get; init; } = new();

    [Description("Seconds in which never more were needed, before fewer are asked for."), Range(60, 604800)]
    public int DownAfterSeconds { get; init; } = 86400;
}
