using WpFarm.Scaling;

namespace WpFarm.Tests.Scaling;

/// <summary>A slow database, or what else more containers do not help.</summary>
public sealed class BottleneckTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly TestTier _tier = new() { Replicas = 2 };

    [Fact]
    public void A_latency_that_more_containers_do_not_improve_stops_the_climb_with_an_alert()
    {
        SlowDatabase();

        var decision = _tier.After(30 * s_minute);

        Assert.Equal((4, ScalingAlert.BottleneckElsewhere), (decision.Replicas, decision.Alert));
        Assert.Contains(
            "latency (900 ms) did not improve after a scale-up from 2 to 4, and CPU is below its threshold: the bottleneck is elsewhere",
            decision.Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Until_new_containers_have_settled_it_waits()
    {
        SlowDatabase();

        var decision = _tier.After(1.25 * s_minute);

        Assert.Equal((4, ScalingAlert.None), (decision.Replicas, decision.Alert));
        Assert.Contains("observing whether 4 containers improve latency", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void While_the_containers_are_short_of_CPU_it_climbs()
    {
        (_tier.Values[Signal.Latency], _tier.Values[Signal.Cpu]) = (900, 80);

        Assert.Equal(20, _tier.After(3 * s_minute).Replicas);
    }

    [Fact]
    public void An_improvement_lets_it_climb_on()
    {
        SlowDatabase();
        _tier.After(0.75 * s_minute);
        _tier.Values[Signal.Latency] = 700;

        Assert.Equal(6, _tier.Look().Replicas);
    }

    [Fact]
    public void More_work_done_lets_it_climb_on_though_the_latency_stays()
    {
        SlowDatabase();
        _tier.After(1.25 * s_minute);
        _tier.Values[Signal.Cpu] = 30;

        Assert.Equal(8, _tier.Look().Replicas);
    }

    [Fact]
    public void A_CPU_that_does_not_show_the_new_containers_yet_is_not_more_work()
    {
        SlowDatabase();
        _tier.Values[Signal.Cpu] = 20;

        Assert.Equal(4, _tier.After(0.75 * s_minute).Replicas);
    }

    [Fact]
    public void A_queue_that_is_only_spread_over_more_containers_has_not_improved()
    {
        (_tier.Values[Signal.Queue], _tier.Values[Signal.Cpu]) = (8, 40);
        _tier.Look();
        Assert.Equal(6, _tier.Replicas);
        (_tier.Values[Signal.Queue], _tier.Values[Signal.Cpu]) = (16 / 6.0, 80 / 6.0);

        Assert.Equal(ScalingAlert.BottleneckElsewhere, _tier.After(5 * s_minute).Alert);
        Assert.Equal(6, _tier.Replicas);
    }

    [Fact]
    public void Busy_workers_that_only_wait_are_no_reason_for_more_of_them()
    {
        (_tier.Values[Signal.Busy], _tier.Values[Signal.Cpu]) = (70, 30);
        _tier.After(0.5 * s_minute);
        Assert.Equal(3, _tier.Replicas);
        (_tier.Values[Signal.Busy], _tier.Values[Signal.Cpu]) = (62, 20);

        Assert.Equal(ScalingAlert.BottleneckElsewhere, _tier.After(5 * s_minute).Alert);
        Assert.Equal(3, _tier.Replicas);
    }

    [Fact]
    public void Memory_that_every_container_needs_is_told_so()
    {
        (_tier.Values[Signal.Memory], _tier.Values[Signal.Cpu]) = (90, 20);
        _tier.After(5.25 * s_minute);
        _tier.Values[Signal.Cpu] = 20 * 2.0 / _tier.Replicas;

        var decision = _tier.After(20 * s_minute);

        Assert.Equal((3, ScalingAlert.BottleneckElsewhere), (decision.Replicas, decision.Alert));
        Assert.Contains("raise memory in farm.json", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void When_all_is_well_again_the_verdict_is_forgotten()
    {
        SlowDatabase();
        _tier.After(10 * s_minute);
        _tier.Values[Signal.Latency] = 480;
        Assert.Equal(4, _tier.After(s_minute).Replicas);
        Assert.NotEmpty(_tier.State.Trials);
        _tier.Values[Signal.Latency] = 440;
        _tier.Look();

        Assert.Empty(_tier.State.Trials);
        Assert.Equal(ScalingAlert.None, _tier.Last.Alert);
    }

    [Fact]
    public void Without_a_measure_of_CPU_nobody_can_tell_so_it_climbs()
    {
        _tier.Values[Signal.Latency] = 900;
        _tier.Values.Remove(Signal.Cpu);

        Assert.Equal(20, _tier.After(3 * s_minute).Replicas);
    }

    /// <summary>Two containers wait at 20 % CPU; four do the same work.</summary>
    private void SlowDatabase()
    {
        (_tier.Values[Signal.Latency], _tier.Values[Signal.Cpu]) = (900, 20);
        _tier.After(0.5 * s_minute);
        _tier.Look();
        Assert.Equal(4, _tier.Replicas);
        _tier.Values[Signal.Cpu] = 10;
    }
}
