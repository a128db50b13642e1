using System.Text.Json;
using WpFarm.Scaling;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Scaling;

public sealed class AutoscalerTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly TestTier _tier = new();

    [Theory]
    [InlineData(Signal.Cpu, 71, 300, 5)]
    [InlineData(Signal.Cpu, 95, 300, 6)]
    [InlineData(Signal.Memory, 81, 300, 5)]
    [InlineData(Signal.Latency, 501, 30, 5)]
    [InlineData(Signal.Busy, 61, 15, 5)]
    [InlineData(Signal.Queue, 1.2, 0, 5)]
    public void A_signal_above_its_threshold_asks_for_more_once_its_time_is_over(Signal signal, double value, int seconds, int after)
    {
        _tier.Values[signal] = value;

        _tier.After(TimeSpan.FromSeconds(seconds));
        Assert.Equal(4, _tier.Replicas);
        Assert.Equal(after, _tier.Look().Replicas);
    }

    [Theory]
    [InlineData(Signal.Cpu, 70)]
    [InlineData(Signal.Memory, 80)]
    [InlineData(Signal.Latency, 500)]
    [InlineData(Signal.Busy, 60)]
    [InlineData(Signal.Queue, 1.1)]
    public void A_signal_at_its_threshold_changes_nothing(Signal signal, double value)
    {
        _tier.Values[signal] = value;

        Assert.Equal(4, _tier.After(10 * s_minute).Replicas);
    }

    [Fact]
    public void A_break_begins_the_time_anew()
    {
        _tier.Values[Signal.Cpu] = 90;
        _tier.After(4.75 * s_minute);
        _tier.Values[Signal.Cpu] = 69;
        _tier.Look();
        _tier.Values[Signal.Cpu] = 90;

        Assert.Equal(4, _tier.After(4.75 * s_minute).Replicas);
        Assert.Equal(6, _tier.After(0.5 * s_minute).Replicas);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(4, 8)]
    [InlineData(8, 16)]
    public void At_once_at_most_twice_as_many_or_four_more(int before, int after)
    {
        var tier = new TestTier
        {
            Replicas = before,
            Ready = before,
            Policy = TestTier.Default with { Limits = new ReplicaLimits(1, 100) },
        };
        (tier.Values[Signal.Cpu], tier.Values[Signal.Queue]) = (100, 50);

        Assert.Equal(after, tier.Look().Replicas);
        Assert.Contains("limited by the scaling rate", tier.Last.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Looking_more_often_does_not_make_it_faster()
    {
        _tier.Values[Signal.Queue] = 50;
        var first = _tier.Look();
        var soon = Autoscaler.Decide(_tier.Policy, first.State, _tier.Seen(), _tier.Now - TimeSpan.FromSeconds(10));

        Assert.Equal((8, 8), (first.Replicas, soon.Replicas));
    }

    [Fact]
    public void The_signal_that_asks_for_most_wins()
    {
        var tier = new TestTier
        {
            Policy = TestTier.Default with
            {
                Rules = TestTier.Default.Rules.ToDictionary(rule => rule.Key, rule => rule.Value with { For = TimeSpan.Zero }),
            },
        };
        (tier.Values[Signal.Cpu], tier.Values[Signal.Queue], tier.Values[Signal.Busy]) = (84, 1.2, 90);

        Assert.Equal("4 → 6: busy PHP workers 90 %, above 60 %", tier.Look().Reason);
    }

    [Fact]
    public void Fewer_only_when_five_minutes_needed_no_more()
    {
        _tier.Values[Signal.Cpu] = 20;

        Assert.Equal(4, _tier.After(5 * s_minute).Replicas);
        Assert.Contains("4 within the last 5 min", _tier.Last.Reason, StringComparison.Ordinal);
        Assert.Equal(2, _tier.After(0.5 * s_minute).Replicas);
    }

    [Fact]
    public void At_most_half_leave_within_a_minute()
    {
        var tier = new TestTier { Replicas = 16 };
        (tier.Values[Signal.Cpu], tier.Values[Signal.Busy]) = (1, 1);

        Assert.Equal(8, tier.After(5.25 * s_minute).Replicas);
        Assert.Equal(8, tier.After(0.75 * s_minute).Replicas);
        Assert.Equal(4, tier.Look().Replicas);
    }

    [Fact]
    public void Within_the_tolerance_there_are_not_fewer()
    {
        // Three containers would have a CPU of 66 %: above 70 % less a tenth.
        _tier.Values[Signal.Cpu] = 49.5;

        Assert.Equal(4, _tier.After(20 * s_minute).Replicas);
    }

    [Fact]
    public void Missing_is_not_zero()
    {
        (_tier.Values[Signal.Cpu], _tier.Values[Signal.Busy]) = (5, 5);
        _tier.Values.Remove(Signal.Memory);

        var decision = _tier.After(20 * s_minute);

        Assert.Equal(4, decision.Replicas);
        Assert.Equal(ScalingAlert.Blind, decision.Alert);
        Assert.Contains("memory is missing: no scale-down until it is back", decision.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60, 2)]
    [InlineData(61, 4)]
    [InlineData(-61, 4)]
    public void Stale_is_missing(int seconds, int replicas)
    {
        (_tier.Values[Signal.Cpu], _tier.Values[Signal.Busy], _tier.Age[Signal.Cpu]) = (5, 5, TimeSpan.FromSeconds(seconds));

        Assert.Equal(replicas, _tier.After(10 * s_minute).Replicas);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    public void What_is_no_measurement_is_missing(double value)
    {
        (_tier.Values[Signal.Cpu], _tier.Values[Signal.Busy]) = (value, 5);

        Assert.Equal(4, _tier.After(10 * s_minute).Replicas);
    }

    [Fact]
    public void With_one_signal_gone_another_may_still_ask_for_more()
    {
        _tier.Values.Remove(Signal.Cpu);
        _tier.Values[Signal.Queue] = 2;

        Assert.Equal(8, _tier.Look().Replicas);
    }

    [Fact]
    public void A_signal_that_comes_back_has_to_be_low_for_five_minutes()
    {
        (_tier.Values[Signal.Cpu], _tier.Values[Signal.Busy], _tier.Age[Signal.Cpu]) = (5, 5, TimeSpan.FromHours(1));
        _tier.After(20 * s_minute);
        _tier.Age.Clear();

        Assert.Equal(4, _tier.After(4.75 * s_minute).Replicas);
        Assert.Equal(2, _tier.After(0.5 * s_minute).Replicas);
    }

    [Theory]
    [InlineData(HoldReason.Paused, "autoscaling is paused")]
    [InlineData(HoldReason.Deployment, "a deployment is running")]
    [InlineData(HoldReason.Failover, "the database is failing over")]
    public void Nothing_happens_while_something_else_does(HoldReason hold, string reason)
    {
        (_tier.Values[Signal.Queue], _tier.Hold) = (50, hold);

        Assert.Equal($"stays at 4: {reason}", _tier.After(10 * s_minute).Reason);

        _tier.Hold = HoldReason.None;
        _tier.Values[Signal.Queue] = 0;
        (_tier.Values[Signal.Cpu], _tier.Values[Signal.Busy]) = (5, 5);
        Assert.Equal(4, _tier.After(4.75 * s_minute).Replicas);
    }

    [Fact]
    public void Never_more_than_the_maximum_and_that_is_an_alert()
    {
        var tier = new TestTier { Policy = TestTier.Default };
        (tier.Values[Signal.Cpu], tier.Values[Signal.Queue]) = (90, 50);

        var decision = tier.After(s_minute);

        Assert.Equal((6, ScalingAlert.AtMaximum), (decision.Replicas, decision.Alert));
        Assert.Contains("the maximum is 6", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Never_more_than_the_nodes_hold_and_that_is_an_alert()
    {
        (_tier.Values[Signal.Cpu], _tier.Values[Signal.Queue], _tier.Capacity) = (90, 50, 5);

        var decision = _tier.After(s_minute);

        Assert.Equal((5, ScalingAlert.NodesFull), (decision.Replicas, decision.Alert));
        Assert.Contains("the nodes hold 5", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_runs_is_not_stopped_because_the_nodes_hold_less()
    {
        _tier.Capacity = 1;

        Assert.Equal(4, _tier.After(10 * s_minute).Replicas);
    }

    [Theory]
    [InlineData(0, 2, "at least 2")]
    [InlineData(24, 20, "at most 20")]
    public void The_limits_hold_at_once(int before, int after, string reason)
    {
        _tier.Replicas = before;

        Assert.Equal(after, _tier.Look().Replicas);
        Assert.Contains(reason, _tier.Last.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Containers_that_start_are_not_counted_twice()
    {
        (_tier.Values[Signal.Cpu], _tier.Values[Signal.Queue], _tier.Ready) = (100, 1.8, 4);

        Assert.Equal(8, _tier.Look().Replicas);
        Assert.Equal(8, _tier.After(s_minute).Replicas);
    }

    [Fact]
    public void While_containers_start_there_are_not_fewer()
    {
        (_tier.Values[Signal.Cpu], _tier.Values[Signal.Busy], _tier.Ready) = (5, 5, 3);

        Assert.Equal("stays at 4: 1 container not ready yet", _tier.After(10 * s_minute).Reason);
    }

    [Fact]
    public void What_a_person_adds_stays_for_five_minutes()
    {
        (_tier.Values[Signal.Cpu], _tier.Values[Signal.Busy]) = (40, 5);
        _tier.After(10 * s_minute);
        _tier.Replicas = 10;
        (_tier.Values[Signal.Cpu], _tier.Values[Signal.Busy]) = (10, 5);

        Assert.Equal(10, _tier.After(4.75 * s_minute).Replicas);
        Assert.True(_tier.After(s_minute).Replicas < 10);
    }

    [Fact]
    public void A_state_from_before_a_long_pause_does_not_count()
    {
        (_tier.Values[Signal.Cpu], _tier.Values[Signal.Busy]) = (50, 5);
        _tier.After(4.75 * s_minute);
        (_tier.Values[Signal.Cpu], _tier.Values[Signal.Busy]) = (5, 5);
        var later = _tier.Now + TimeSpan.FromHours(1);

        var seen = _tier.Seen() with
        {
            Signals = _tier.Values.ToDictionary(value => value.Key, value => new Measurement(value.Value, later)),
        };

        Assert.Equal(4, Autoscaler.Decide(_tier.Policy, _tier.State, seen, later).Replicas);
    }

    [Fact]
    public void The_state_may_be_kept_as_JSON()
    {
        (_tier.Values[Signal.Latency], _tier.Values[Signal.Cpu]) = (900, 20);
        _tier.After(s_minute);

        var kept = JsonSerializer.Serialize(_tier.State);

        Assert.NotEmpty(_tier.State.Trials);
        Assert.Equal(kept, JsonSerializer.Serialize(JsonSerializer.Deserialize<ScalingState>(kept)));
    }

    [Fact]
    public void A_schedule_has_limits_of_its_own_while_it_holds()
    {
        var noon = new ScheduleOptions
        {
            Start = "10 12 * * *",
            Hours = 0.5,
            Min = 6,
        };
        var tier = new TestTier
        {
            Policy = TierPolicy.Of(
                new TierOptions
                {
                    Replicas = new ReplicaOptions { Min = 2, Max = 20 },
                    Scaling = new ScalingOptions { Schedules = new Dictionary<string, ScheduleOptions> { ["noon"] = noon } },
                }
            ),
            Replicas = 3,
        };
        (tier.Values[Signal.Cpu], tier.Values[Signal.Busy]) = (30, 5);

        Assert.Equal(2, tier.After(10 * s_minute).Replicas);
        Assert.Equal(6, tier.Look().Replicas);
        Assert.Contains("at least 6 (noon)", tier.Last.Reason, StringComparison.Ordinal);
        Assert.Equal(6, tier.After(29.75 * s_minute).Replicas);
        Assert.Equal(2, tier.After(10 * s_minute).Replicas);
    }

    [Fact]
    public void The_quiet_hours_take_away_what_is_too_much_but_not_blindly()
    {
        var quiet = new ScheduleOptions { Start = "0 12 * * *", Max = 3 };
        var policy = TierPolicy.Of(
            new TierOptions
            {
                Replicas = new ReplicaOptions { Min = 2, Max = 20 },
                Scaling = new ScalingOptions { Schedules = new Dictionary<string, ScheduleOptions> { ["quiet"] = quiet } },
            }
        );
        var blind = new TestTier { Policy = policy };
        blind.Values.Remove(Signal.Cpu);

        Assert.Equal(4, blind.After(s_minute).Replicas);
        Assert.Contains(
            "at most 3 (quiet)",
            new TestTier { Policy = policy }
                .Look()
                .Reason,
            StringComparison.Ordinal
        );
    }
}
