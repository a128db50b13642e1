using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using WpFarm.Scaling;

namespace WpFarm.Tests.Scaling;

/// <summary>Properties that hold for all measurements and histories.</summary>
[Properties(Arbitrary = [typeof(Histories)], MaxTest = 1000)]
public sealed class ScalingHistoryTests
{
    private static readonly TierPolicy s_policy = TestTier.Default with { Limits = new ReplicaLimits(2, 20) };
    private static readonly DateTimeOffset s_start = new(2027, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Generated]
    public void It_stays_within_its_limits_and_its_pace(History history)
    {
        foreach (var (seen, decision) in Play(history))
        {
            Assert.True(decision.Replicas <= Math.Max(s_policy.Limits.Max, seen.Replicas), decision.Reason);
            Assert.True(
                seen.Hold is not HoldReason.None || decision.Replicas >= s_policy.Limits.Min || decision.Replicas >= seen.Capacity,
                decision.Reason
            );
            Assert.True(
                decision.Replicas <= Math.Max(Math.Max(seen.Replicas * 2, seen.Replicas + 4), s_policy.Limits.Min),
                decision.Reason
            );
            Assert.True(decision.Replicas >= seen.Replicas / 2, decision.Reason);
        }
    }

    [Generated]
    public void With_a_signal_missing_or_stale_there_are_never_fewer(History history)
    {
        foreach (var (seen, decision) in Play(history))
            Assert.True(decision.Replicas >= seen.Replicas || s_policy.Rules.Keys.All(seen.Signals.ContainsKey), decision.Reason);
    }

    [Generated]
    public void While_something_is_held_nothing_changes(History history)
    {
        foreach (var (seen, decision) in Play(history).Where(step => step.Seen.Hold is not HoldReason.None))
            Assert.Equal(seen.Replicas, decision.Replicas);
    }

    [Generated]
    public void Every_decision_says_why(History history)
    {
        foreach (var (seen, decision) in Play(history))
            Assert.Matches(
                decision.Replicas == seen.Replicas ? $"^stays at {seen.Replicas}: .+" : $"^{seen.Replicas} → {decision.Replicas}: .+",
                decision.Reason
            );
    }

    /// <summary>While no trial runs: a trial may end because the signal got worse.</summary>
    [Generated]
    public void More_of_a_signal_never_means_fewer_containers(History history, int signal, PositiveInt more)
    {
        var last = Play(history).Last();
        var (kind, seen) = ((Signal)(Math.Abs(signal % 5)), last.Seen);
        if (!seen.Signals.TryGetValue(kind, out var measured))
            return;
        var state = last.Decision.State with { Trials = new Dictionary<Signal, ScaleUpTrial>() };
        var now = s_start + (TestTier.Tick * history.Moments.Count);
        var higher = seen with
        {
            Signals = new Dictionary<Signal, Measurement>(seen.Signals) { [kind] = measured with { Value = measured.Value + more.Get } },
        };

        Assert.True(Autoscaler.Decide(s_policy, state, higher, now).Replicas >= Autoscaler.Decide(s_policy, state, seen, now).Replicas);
    }

    [Generated]
    public void Under_a_constant_load_it_comes_to_rest_from_any_state(History history, PositiveInt load)
    {
        var last = Play(history).Last();
        var (state, replicas, now) = (last.Decision.State, last.Decision.Replicas, s_start + (TestTier.Tick * history.Moments.Count));
        // CPU of all containers together, in percent of one container.
        var work = load.Get % 1300;
        var seen = new List<int>();
        for (var tick = 0; tick < 200; tick++, now += TestTier.Tick)
        {
            var decision = Autoscaler.Decide(s_policy, state, Constant(work, Math.Max(1, replicas), now), now);
            (state, replicas) = (decision.State, decision.Replicas);
            seen.Add(replicas);
        }

        Assert.InRange(replicas, s_policy.Limits.Min, s_policy.Limits.Max);
        Assert.Single(seen.TakeLast(80).Distinct());
        Assert.True(work / (double)replicas <= 70.001, $"{work} on {replicas}");
        Assert.True(replicas == s_policy.Limits.Min || work / (replicas - 1.0) > 63 * 0.999, $"{work} on {replicas}: one fewer would do");
    }

    private static TierObservation Constant(int work, int replicas, DateTimeOffset now) =>
        new()
        {
            Replicas = replicas,
            Ready = replicas,
            Signals = new Dictionary<Signal, Measurement>
            {
                [Signal.Cpu] = new(Math.Min(100, work / (double)replicas), now),
                [Signal.Memory] = new(40, now),
                [Signal.Latency] = new(100, now),
                [Signal.Queue] = new(0, now),
                [Signal.Busy] = new(5, now),
            },
        };

    private static IEnumerable<(TierObservation Seen, Decision Decision)> Play(History history)
    {
        var (state, replicas) = (ScalingState.Initial, history.Begin);
        foreach (var (tick, moment) in history.Moments.Index())
        {
            var now = s_start + (TestTier.Tick * tick);
            replicas = moment.ByHand ?? replicas;
            var seen = new TierObservation
            {
                Replicas = replicas,
                Ready = Math.Max(0, replicas - moment.Starting),
                Hold = moment.Hold,
                Capacity = moment.Capacity,
                Signals = moment
                    .Values.Index()
                    .Where(value => value.Item is not null)
                    .ToDictionary(value => (Signal)value.Index, value => new Measurement(value.Item!.Value, now)),
            };
            var decision = Autoscaler.Decide(s_policy, state, seen, now);
            yield return (seen, decision);
            (state, replicas) = (decision.State, moment.Refused ? replicas : decision.Replicas);
        }
    }

    /// <param name="Values">Value of each signal, in the order of <see cref="Signal"/>; null when it is missing.</param>
    /// <param name="ByHand">A person sets the number of containers to this.</param>
    /// <param name="Refused">The engine does not carry out the decision.</param>
    public sealed record Moment(IReadOnlyList<double?> Values, int Starting, HoldReason Hold, int? Capacity, int? ByHand, bool Refused);

    public sealed record History(int Begin, IReadOnlyList<Moment> Moments)
    {
        public override string ToString() =>
            $"{Begin}: {string.Join("; ", Moments.Select(moment => $"[{string.Join(", ", moment.Values)}] {moment}"))}";
    }

    public static class Histories
    {
        /// <summary>Periods of equal load, so that windows pass, with disturbances in between.</summary>
        public static Arbitrary<History> Any() =>
            Arb.From(
                from begin in Gen.Choose(0, 25)
                from stretches in Gen.Choose(1, 6).SelectMany(count => Stretch().ListOf(count))
                select new History(begin, [.. stretches.SelectMany(stretch => stretch)])
            );

        private static Gen<IEnumerable<Moment>> Stretch() =>
            from length in Gen.Choose(1, 40)
            from moment in Single()
            select Enumerable.Range(0, length).Select(index => index == 0 ? moment : moment with { ByHand = null });

        private static Gen<Moment> Single() =>
            from cpu in Value(100)
            from memory in Value(100)
            from latency in Value(2000)
            from queue in Value(10)
            from busy in Value(100)
            from starting in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(1, 5)))
            from hold in Gen.Frequency(
                (8, Gen.Constant(HoldReason.None)),
                (1, Gen.Elements(HoldReason.Paused, HoldReason.Deployment, HoldReason.Failover))
            )
            from capacity in Gen.Frequency((6, Gen.Constant<int?>(null)), (1, Gen.Choose(0, 15).Select(holds => (int?)holds)))
            from byHand in Gen.Frequency((8, Gen.Constant<int?>(null)), (1, Gen.Choose(0, 25).Select(wanted => (int?)wanted)))
            from refused in Gen.Frequency((8, Gen.Constant(false)), (1, Gen.Constant(true)))
            select new Moment([cpu, memory, latency, queue, busy], starting, hold, capacity, byHand, refused);

        private static Gen<double?> Value(int most) =>
            Gen.Frequency((12, Gen.Choose(0, most * 10).Select(tenths => (double?)(tenths / 10.0))), (1, Gen.Constant<double?>(null)));
    }
}
