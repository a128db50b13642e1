namespace WpFarm.Scaling;

/// <summary>The recommendation of one signal.</summary>
/// <param name="Replicas">Recommended number of containers. 0: the signal recommends no scale-down.</param>
/// <param name="AboveSince">Since when the value has been above its threshold. Null if it is not.</param>
/// <param name="Lasts">True when the value has been above its threshold for the rule's time.</param>
internal sealed record SignalRecommendation(
    Signal Signal,
    double Value,
    SignalRule Rule,
    int Replicas,
    DateTimeOffset? AboveSince,
    bool Lasts
)
{
    /// <summary>Applies Kubernetes' ratio: the number that brings the value to the threshold if the load is spread evenly.</summary>
    public static SignalRecommendation Of(
        Signal signal,
        double value,
        TierPolicy policy,
        ScalingState state,
        TierObservation seen,
        DateTimeOffset now
    )
    {
        var rule = policy.Rules[signal];
        // The rule's time filters noise. Without one, the tolerance does.
        var line = rule.For > TimeSpan.Zero ? rule.Above : rule.Above * (1 + policy.Tolerance);
        if (value <= line)
            return new(signal, value, rule, Fewest(signal, value, rule, policy, seen), null, false);
        var since = state.AboveSince.TryGetValue(signal, out var before) ? before : now;
        var lasts = now - since >= rule.For;
        return new(
            signal,
            value,
            rule,
            lasts ? Math.Max(seen.Replicas, AtThreshold(seen.Ready, value / rule.Above)) : seen.Replicas,
            since,
            lasts
        );
    }

    public string Why() =>
        $"{SignalText.Name(Signal)} {SignalText.Value(Signal, Value)}, above {SignalText.Value(Signal, Rule.Above)}"
        + (Rule.For > TimeSpan.Zero ? $" for {SignalText.Time(Rule.For)}" : "");

    /// <summary>
    /// Only CPU, busy workers and statements are divided among the containers, so only these signals recommend a scale-down. The remaining
    /// containers must be below the threshold by the tolerance, so that the next decision does not scale up again.
    /// </summary>
    private static int Fewest(Signal signal, double value, SignalRule rule, TierPolicy policy, TierObservation seen) =>
        signal is Signal.Cpu or Signal.Busy or Signal.Statements
            ? Math.Min(seen.Replicas, AtThreshold(seen.Ready, value / (rule.Above * (1 - policy.Tolerance))))
            : 0;

    /// <summary>The subtraction absorbs rounding errors: without it 10 × 0.7 ÷ 0.7 would be 11.</summary>
    private static int AtThreshold(int ready, double ratio) => (int)Math.Min(1_000_000, Math.Ceiling(ready * ratio - 0.001));
}
