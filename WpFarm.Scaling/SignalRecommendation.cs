namespace WpFarm.Scaling;

/// <summary>What one signal asks for.</summary>
/// <param name="Replicas">Containers. 0: it has nothing to say about how few would do.</param>
/// <param name="AboveSince">Since when it has been above its threshold; null when it is not.</param>
/// <param name="Lasts">It has been above it for its time.</param>
internal sealed record SignalRecommendation(
    Signal Signal,
    double Value,
    SignalRule Rule,
    int Replicas,
    DateTimeOffset? AboveSince,
    bool Lasts
)
{
    /// <summary>Kubernetes' ratio: as many as bring the value to the threshold, if the load spreads over them.</summary>
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
        // Noise is kept out by the rule's time; where it has none, by the tolerance.
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
        $"{SignalText.Name(Signal)} {SignalText.Value(Signal, Value)}, above {SignalText.Value(Signal, Rule.Above)}{(Rule.For > TimeSpan.Zero ? $" for {SignalText.Time(Rule.For)}" : "")}";

    /// <summary>
    /// Only CPU, busy workers and statements are shared out among containers, so only they say how few would do. Those that stay must be below the
    /// threshold by the tolerance, or the next moment would ask for more again.
    /// </summary>
    private static int Fewest(Signal signal, double value, SignalRule rule, TierPolicy policy, TierObservation seen) =>
        signal is Signal.Cpu or Signal.Busy or Signal.Statements
            ? Math.Min(seen.Replicas, AtThreshold(seen.Ready, value / (rule.Above * (1 - policy.Tolerance))))
            : 0;

    /// <summary>The thousandth keeps 10 × 0.7 ÷ 0.7 from being 11.</summary>
    private static int AtThreshold(int ready, double ratio) => (int)Math.Min(1_000_000, Math.Ceiling(ready * ratio - 0.001));
}
