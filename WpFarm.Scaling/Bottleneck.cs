namespace WpFarm.Scaling;

/// <summary>
/// Judges whether more containers help. They do while CPU is above its threshold. Otherwise a scale-up is a trial: if, after a settling
/// time, neither the signal nor the throughput has improved, the containers wait for something else, and a further scale-up is suppressed.
/// </summary>
internal static class Bottleneck
{
    /// <returns>
    /// The recommendation, limited to the present number while a scale-up is judged or was useless; the scale-up to remember; and a note.
    /// </returns>
    public static BottleneckResult Judge(
        SignalRecommendation recommendation,
        double? cpu,
        TierPolicy policy,
        ScalingState state,
        TierObservation seen,
        DateTimeOffset now
    )
    {
        var trial = state.Trials.TryGetValue(recommendation.Signal, out var found) && seen.Replicas >= found.To ? found : null;
        if (recommendation.Signal is Signal.Cpu || cpu is not { } used || used > policy.Rules[Signal.Cpu].Above)
            return new(recommendation, null, "");
        // Within the tolerance below the threshold, the result is kept, and with it the alert.
        if (recommendation.Value <= recommendation.Rule.Above)
            return new(
                recommendation,
                trial is not null && recommendation.Value > recommendation.Rule.Above * (1 - policy.Tolerance) ? trial : null,
                ""
            );

        trial = trial is { ReadySince: null } && seen.Ready >= trial.To ? trial with { ReadySince = now } : trial;
        var stays = recommendation with { Replicas = Math.Min(recommendation.Replicas, seen.Replicas) };
        if (trial is null)
            return new(recommendation, null, "");
        if (trial.Useless)
            return new(stays, trial, Elsewhere(recommendation, trial));
        var settled = trial.ReadySince is { } ready && now - ready >= policy.Settle;
        // CPU is an average over a time before the new containers ran, so they do not count until they have settled.
        var work = used * (settled ? seen.Ready : Math.Min(seen.Ready, trial.From));
        if (Level(recommendation, seen) <= trial.Level * (1 - policy.Improvement) || work >= trial.Work * (1 + policy.Improvement))
            return new(recommendation, null, "");
        return settled
            ? new(stays, trial with { Useless = true }, Elsewhere(recommendation, trial))
            : new(stays, trial, $"observing whether {trial.To} containers improve {SignalText.Name(recommendation.Signal)}");
    }

    /// <summary>Starts a trial for a scale-up that follows a recommendation.</summary>
    public static ScaleUpTrial Begin(SignalRecommendation recommendation, int to, double cpu, TierObservation seen) =>
        new(seen.Ready, to, Level(recommendation, seen), cpu * seen.Ready, null, false);

    /// <summary>For the queue and for busy workers, the sum over all containers: dividing by more containers is no improvement.</summary>
    private static double Level(SignalRecommendation recommendation, TierObservation seen) =>
        recommendation.Signal is Signal.Queue or Signal.Busy ? recommendation.Value * seen.Ready : recommendation.Value;

    private static string Elsewhere(SignalRecommendation recommendation, ScaleUpTrial trial) =>
        recommendation.Signal is Signal.Memory
            ? $"memory stayed at {SignalText.Value(Signal.Memory, recommendation.Value)} after a scale-up from {trial.From} to {trial.To}: "
                + "raise memory in farm.json, or find what uses it"
            : $"{SignalText.Name(recommendation.Signal)} ({SignalText.Value(recommendation.Signal, recommendation.Value)}) "
                + $"did not improve after a scale-up from {trial.From} to {trial.To}, and CPU is below its threshold: "
                + "the bottleneck is elsewhere; look at the database first";
}

/// <param name="Trial">The trial to remember. Null if there is none.</param>
/// <param name="Note">A sentence for the reason, or empty.</param>
internal sealed record BottleneckResult(SignalRecommendation Recommendation, ScaleUpTrial? Trial, string Note)
{
    public bool IsUseless => Trial is { Useless: true };
}
