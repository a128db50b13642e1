using WpFarm.Topology.FarmFile;

namespace WpFarm.Scaling;

/// <summary>How a tier is scaled: farm.json's settings, and what is not for settings because it follows from how a farm is built.</summary>
public sealed record TierPolicy
{
    /// <summary>Never fewer, never more; 1 and up.</summary>
    public required ReplicaLimits Limits { get; init; }

    /// <summary>The signals that are looked at. Of a tier <see cref="Signal.Cpu"/> is always one of them.</summary>
    public required IReadOnlyDictionary<Signal, SignalRule> Rules { get; init; }

    /// <summary>Limits that hold at certain times instead.</summary>
    public IReadOnlyList<ScheduledLimits> Schedules { get; init; } = [];

    /// <summary>The most that was needed within this time is what stays: HPA's downscale stabilisation.</summary>
    public TimeSpan DownAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Part of a threshold by which a value must be below it before there are fewer containers, and above it when its rule has no time: HPA's tolerance.</summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>An older measurement says nothing about now: four looks of Prometheus.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How fast it may grow: HPA's rule, twice as many or four more within 15 s, whichever is more.</summary>
    public ScalingRate Up { get; init; } = new(Factor: 1, Containers: 4, TimeSpan.FromSeconds(15));

    /// <summary>How fast it may shrink. HPA lets all go at once; here each leaves by draining, and those that stay take over its work.</summary>
    public ScalingRate Down { get; init; } = new(Factor: 0.5, Containers: 1, TimeSpan.FromSeconds(60));

    /// <summary>New containers have been ready for this long before they are judged: CPU is an average over the last minute, measured every 15 s.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>Part by which a signal falls, or the work that is done grows, when more containers were what was missing.</summary>
    public double Improvement { get; init; } = 0.1;

    /// <param name="tier">As farm.json's rules let it pass.</param>
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

    /// <summary>The limits at a time, and the schedule that they are from.</summary>
    public (ReplicaLimits Limits, string? Schedule) LimitsAt(DateTimeOffset now) =>
        Schedules.FirstOrDefault(schedule => schedule.Window.Holds(now)) is { } schedule
            ? (schedule.Limits, schedule.Name)
            : (Limits, null);
}

public sealed record ReplicaLimits(int Min, int Max);

/// <param name="Above">Threshold, in the signal's unit.</param>
/// <param name="For">How long a value is above it, without a break, before it counts.</param>
public sealed record SignalRule(double Above, TimeSpan For);

/// <param name="Window">When the limits hold.</param>
public sealed record ScheduledLimits(string Name, ScheduleWindow Window, ReplicaLimits Limits);
