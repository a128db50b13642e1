using WpFarm.Scaling;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Scaling;

/// <summary>A tier with the default settings that is observed every 15 seconds.</summary>
internal sealed class TestTier
{
    public static readonly TimeSpan Tick = TimeSpan.FromSeconds(15);

    private static readonly DateTimeOffset s_monday = new(2027, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public TierPolicy Policy { get; init; } = Default with { Limits = new ReplicaLimits(2, 20) };

    public static TierPolicy Default { get; } = TierPolicy.Of(new TierOptions());

    public DateTimeOffset Now { get; private set; } = s_monday;

    public ScalingState State { get; private set; } = ScalingState.Initial;

    public int Replicas { get; set; } = 4;

    /// <summary>Number of ready containers; null when all are.</summary>
    public int? Ready { get; set; }

    public HoldReason Hold { get; set; }

    public int? Capacity { get; set; }

    public Dictionary<Signal, double> Values { get; } =
        new()
        {
            [Signal.Cpu] = 65,
            [Signal.Memory] = 40,
            [Signal.Latency] = 100,
            [Signal.Queue] = 0,
            [Signal.Busy] = 20,
        };

    /// <summary>Age of measurements by signal; a signal that is not named is new.</summary>
    public Dictionary<Signal, TimeSpan> Age { get; } = [];

    public Decision Last { get; private set; } = new(0, ScalingState.Initial, "", ScalingAlert.None);

    /// <summary>Decides and applies the decision repeatedly for a time.</summary>
    public Decision After(TimeSpan time)
    {
        for (var end = Now + time; Now < end; )
            Look();
        return Last;
    }

    public Decision Look()
    {
        Last = Autoscaler.Decide(Policy, State, Seen(), Now);
        (State, Replicas) = (Last.State, Last.Replicas);
        Now += Tick;
        return Last;
    }

    public TierObservation Seen() =>
        new()
        {
            Replicas = Replicas,
            Ready = Ready ?? Replicas,
            Hold = Hold,
            Capacity = Capacity,
            Signals = Values.ToDictionary(
                value => value.Key,
                value => new Measurement(value.Value, Now - Age.GetValueOrDefault(value.Key))
            ),
        };
}
