using WpFarm.Scaling;
using WpFarm.Scaling.Simulation;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Scaling;

/// <summary>Simulates whole days of 500 sites in a moment.</summary>
public sealed class SimulatorTests
{
    private static readonly TierOptions s_tier = TierOptions.Defaults["bronze"];

    public static TheoryData<string> Days => [.. NamedTraffic.Names];

    [Theory]
    [MemberData(nameof(Days))]
    public void The_same_seed_makes_the_same_day(string day)
    {
        var (first, second) = (Simulate(day), Simulate(day));

        Assert.Equal(first.Moments, second.Moments);
        Assert.Equal(first.Scalings, second.Scalings);
        Assert.NotEqual(first.Pages, Simulate(day, seed: 2).Pages);
    }

    [Fact]
    public void On_a_calm_day_nothing_changes() => Assert.Empty(Simulate("calm-day").Scalings);

    [Fact]
    public void On_a_business_day_no_page_is_slow_at_under_half_of_what_the_maximum_costs()
    {
        var day = Simulate("business-day");

        Assert.Equal((TimeSpan.Zero, 0), (day.Slow, day.Lost));
        Assert.InRange(day.ReplicaHours, 48, 72);
        Assert.Contains(day.Scalings, scaling => scaling.To > scaling.From);
        Assert.InRange(day.Scalings.Count, 2, 8);
    }

    [Fact]
    public void A_flash_crowd_loses_no_page() => Assert.Equal(0, Simulate("flash-crowd").Lost);

    [Fact]
    public void A_slow_database_is_told_to_a_person() =>
        Assert.Contains(Simulate("slow-database").Moments, moment => moment.Alert is ScalingAlert.BottleneckElsewhere);

    [Fact]
    public void Under_a_constant_load_it_comes_to_rest()
    {
        var constant = new Traffic("constant", "", [.. Enumerable.Repeat(new TrafficSecond(40, 20), 14_400)]);
        var result = Simulator.Run(constant, s_tier, new WpFarmScaler(TierPolicy.Of(s_tier)));

        Assert.All(result.Scalings, scaling => Assert.True(scaling.At < TimeSpan.FromMinutes(10), scaling.Reason));
    }

    /// <summary>M/M/2 at 80 %: C = 32/45, from tables of Erlang's formula.</summary>
    [Fact]
    public void Erlangs_formula_gives_the_values_of_its_tables()
    {
        Assert.Equal(32 / 45.0, ErlangC.Waits(2, 1.6), 12);
        Assert.Equal(0.9, ErlangC.Waits(1, 0.9), 12);
    }

    [Fact]
    public void Every_page_is_served_waits_or_is_lost()
    {
        var pool = new PoolModel(s_tier);
        var served = Enumerable
            .Range(0, 600)
            .Select(second => pool.Pass(new(second < 300 ? 60 : 0, 20), ready: 2))
            .Sum(second => second.Served + second.Lost);

        Assert.Equal(300 * 60, served, 6);
    }

    /// <summary>The table and the defaults of Kubernetes' own documentation.</summary>
    [Theory]
    [InlineData(4, 140, 8)]
    [InlineData(4, 76, 4)]
    [InlineData(4, 78, 5)]
    [InlineData(2, 700, 6)]
    [InlineData(10, 1400, 20)]
    public void Kubernetes_autoscaler_goes_up_by_its_ratio_tolerance_and_pace(int replicas, double cpu, int expected)
    {
        var hpa = new HorizontalPodAutoscaler("HPA", new ReplicaLimits(1, 50), new Dictionary<Signal, double> { [Signal.Cpu] = 70 });

        Assert.Equal(expected, hpa.Decide(Seen(replicas, cpu), DateTimeOffset.UnixEpoch).Replicas);
    }

    [Fact]
    public void Kubernetes_autoscaler_goes_down_all_at_once_after_five_minutes()
    {
        var hpa = new HorizontalPodAutoscaler("HPA", new ReplicaLimits(1, 50), new Dictionary<Signal, double> { [Signal.Cpu] = 70 });
        var decisions = Enumerable
            .Range(0, 22)
            .Select(tick => hpa.Decide(Seen(10, 7), DateTimeOffset.UnixEpoch + (TestTier.Tick * tick)).Replicas)
            .ToList();

        Assert.Equal([.. Enumerable.Repeat(10, 20), 1], decisions.Take(21));
    }

    private static TierObservation Seen(int replicas, double cpu) =>
        new()
        {
            Replicas = replicas,
            Ready = replicas,
            Signals = new Dictionary<Signal, Measurement> { [Signal.Cpu] = new(cpu, DateTimeOffset.UnixEpoch) },
        };

    private static SimulationResult Simulate(string day, int seed = 1) =>
        Simulator.Run(NamedTraffic.Find(day, sites: 500, seed)!, s_tier, new WpFarmScaler(TierPolicy.Of(s_tier)));
}
