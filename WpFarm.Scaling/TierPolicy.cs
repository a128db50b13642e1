using WpFarm.Topology.FarmFile;

namespace WpFarm.Scaling;

/// <summary>The rules by which a tier is scaled: the settings of farm.json, and constants that follow from how a farm is built.</summary>
public sealed record TierPolicy
{
    /// <summary>Minimum and maximum number of containers; 1 and up.</summary>
    public required ReplicaLimits Limits { get; init; }

    /// <summary>The evaluated signals. For a tier, <see cref="Signal.Cpu"/> is always one of them.</summary>
    public required IReadOnlyDictionary<Signal, SignalRule> Rules { get; init; }

    /// <summary>Other limits at certain times.</summary>
    public IReadOnlyList<ScheduledLimits> Schedules { get; init; } = [];

    /// <summary>Scale-down stabilization window, as in HPA: the highest recommendation within it is kept.</summary>
    public TimeSpan DownAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Tolerance, as in HPA, as a fraction of the threshold: how far below it a value must be for a scale-down, and how far above it for a
    /// scale-up if the rule has no time.
    /// </summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>Older measurements are stale: four scrape intervals of Prometheus.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Scale-up rate, as in HPA: 100 % or four containers within 15 s, whichever is more.</summary>
    public ScalingRate Up { get; init; } = new(Factor: 1, Containers: 4, TimeSpan.FromSeconds(15));

    /// <summary>Scale-down rate. HPA allows 100 % at once; here each container drains, and the remaining ones take over its work.</summary>
    public ScalingRate Down { get; init; } = new(Factor: 0.5, Containers: 1, TimeSpan.FromSeconds(60));

    /// <summary>
    /// Time from the readiness of new containers until their effect is judged: CPU is an average over the last minute, measured every 15 s.
    /// </summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>Fraction by which a signal must fall, or the throughput grow, for a scale-up to count as useful.</summary>
    public double Improvement { get; init; } = 0.1;

    /// <param name="tier">Validated options of the tier.</param>
    public static TierPolicy Of(TierOptions tier)
    {
        var limits = new ReplicaLimits(tier.Replicas.Min, tier.Replicas.Max);
        var signals = tier.Scaling.Signals;
        (Signal Signal, double Above, int Seconds)[] rules =
        [
            (Signal.Cpu, signals.Cpu.Above, signals.Cpu.Seconds),
            (Signal.Memory, signals.Memory.Above, signals.Memory.Seconds),
            (Signal.Latency, signals.Latency.Above, signals.Latency.Seconds),
            (Signal.Queue, signals.Queue.Above, signals.Queue.Seconds),
            (Signal.Busy, signals.Busy.Above, signals.Busy.Seconds),
        ];
        return new TierPolicy
        {
            Limits = limits,
            Rules = rules
                .Where(rule => rule.Above > 0)
                .ToDictionary(rule => rule.Signal, rule => new SignalRule(rule.Above, TimeSpan.FromSeconds(rule.Seconds))),
            DownAfter = TimeSpan.FromSeconds(tier.Scaling.DownAfterSeconds),
            Schedules =
            [
                .. tier.Scaling.Schedules.Select(schedule => new ScheduledLimits(
                    schedule.Key,
                    ScheduleWindow.Of(schedule.Value),
                    new ReplicaLimits(schedule.Value.Min ?? limits.Min, schedule.Value.Max ?? limits.Max)
                )),
            ],
        };
    }

    public static TierPolicy Of(ReplicaScalingOptions replicas) =>
        Of(
            new(replicas.Min, replicas.Max),
            Signal.Statements,
            replicas.Statements.Above,
            replicas.Statements.Seconds,
            replicas.DownAfterSeconds
        );

    public static TierPolicy Of(EdgeScalingOptions edge) =>
        Of(new(edge.Min, edge.Max), Signal.Cpu, edge.Cpu.Above, edge.Cpu.Seconds, edge.DownAfterSeconds);

    private static TierPolicy Of(ReplicaLimits limits, Signal signal, double above, int seconds, int downAfterSeconds) =>
        new()
        {
            Limits = limits,
            Rules = new Dictionary<Signal, SignalRule> { [signal] = new(above, TimeSpan.FromSeconds(seconds)) },
            DownAfter = TimeSpan.FromSeconds(downAfterSeconds),
        };

    /// <summary>The limits at a time, and the name of the schedule that sets them, if any.</summary>
    public (ReplicaLimits Limits, string? Schedule) LimitsAt(DateTimeOffset now) =>
        Schedules.FirstOrDefault(schedule => schedule.Window.Holds(now)) is { } schedule
            ? (schedule.Limits, schedule.Name)
            : (Limits, null);
}

public sealed record ReplicaLimits(int Min, int Max);

/// <param name="Above">Threshold, in the signal's unit.</param>
/// <param name="For">How long a value must be above the threshold, without a break.</param>
public sealed record SignalRule(double Above, TimeSpan For);

/// <param name="Window">When the limits hold.</param>
public sealed record ScheduledLimits(string Name, ScheduleWindow Window, ReplicaLimits Limits);
