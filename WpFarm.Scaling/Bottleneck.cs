using System.Globalization;

namespace WpFarm.Scaling;

/// <summary>
/// Whether more containers help. While they are short of CPU they do. Otherwise the climb is a trial: if, once its containers have
/// settled, the signal has not improved and no more work gets done, they wait for something else, and more of them would only wait too.
/// </summary>
internal static class Bottleneck
{
    /// <returns>The need, cut to what there is while a climb is judged or was useless; the climb to remember; and what there is to say.</returns>
    public static BottleneckResult Judge(
        SignalRecommendation need,
        double? cpu,
        TierPolicy policy,
        ScalingState state,
        TierObservation seen,
        DateTimeOffset now
    )
    {
        var climb = state.Climbs.TryGetValue(need.Signal, out var found) && seen.Replicas >= found.To ? found : null;
        if (need.Signal is Signal.Cpu || cpu is not { } used || used > policy.Rules[Signal.Cpu].Above)
            return new(need, null, "");
        // A little below the threshold is not yet well: the verdict stays, and with it the alert.
        if (need.Value <= need.Rule.Above)
            return new(need, climb is not null && need.Value > need.Rule.Above * (1 - policy.Tolerance) ? climb : null, "");

        climb = climb is { ReadySince: null } && seen.Ready >= climb.To ? climb with { ReadySince = now } : climb;
        var stays = need with { Replicas = Math.Min(need.Replicas, seen.Replicas) };
        if (climb is null)
            return new(need, null, "");
        if (climb.Useless)
            return new(stays, climb, Elsewhere(need, climb));
        var settled = climb.ReadySince is { } ready && now - ready >= policy.Settle;
        // CPU is an average over a time in which the new containers were not there: until they have settled they do not count.
        var work = used * (settled ? seen.Ready : Math.Min(seen.Ready, climb.From));
        if (Level(need, seen) <= climb.Level * (1 - policy.Improvement) || work >= climb.Work * (1 + policy.Improvement))
            return new(need, null, "");
        return settled
            ? new(stays, climb with { Useless = true }, Elsewhere(need, climb))
            : new(stays, climb, $"waits to see whether {climb.To} help {SignalText.Name(need.Signal)}");
    }

    /// <summary>The climb that begins when a decision follows a need, to be judged later.</summary>
    public static Climb Begin(SignalRecommendation need, int to, double cpu, TierObservation seen) =>
        new(seen.Ready, to, Level(need, seen), cpu * seen.Ready, null, false);

    /// <summary>A queue that is divided by more containers has not become shorter, and as many workers that wait are no fewer.</summary>
    private static double Level(SignalRecommendation need, TierObservation seen) =>
        need.Signal is Signal.Queue or Signal.Busy ? need.Value * seen.Ready : need.Value;

    private static string Elsewhere(SignalRecommendation need, Climb climb) =>
        need.Signal is Signal.Memory
            ? $"memory stayed at {SignalText.Value(Signal.Memory, need.Value)} when {climb.From} became {climb.To}: give each container more, or find what keeps it"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{SignalText.Name(need.Signal)} did not get better when {climb.From} became {climb.To} ({SignalText.Value(need.Signal, need.Value)}), and the containers' CPU is not short: the bottleneck is elsewhere, the database first of all"
            );
}

/// <param name="Climb">To be remembered; null when there is none, or none that matters any more.</param>
/// <param name="Note">Empty when there is nothing to say.</param>
internal sealed record BottleneckResult(SignalRecommendation Need, Climb? Climb, string Note)
{
    public bool IsUseless => Climb is { Useless: true };
}
