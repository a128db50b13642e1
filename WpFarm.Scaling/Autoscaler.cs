namespace WpFarm.Scaling;

/// <summary>
/// Decides how many containers a tier should have. Pure: the same policy, state, observation and time give the same decision. The
/// algorithm is that of Kubernetes' HorizontalPodAutoscaler; docs/autoscaling.md lists the differences and the reasons.
/// </summary>
public static class Autoscaler
{
    /// <summary>An older state is discarded: nothing is known about the demand since then.</summary>
    private static readonly TimeSpan s_longestGap = TimeSpan.FromMinutes(5);

    /// <summary>Call this every 15 s, with the state that the previous call returned.</summary>
    public static Decision Decide(TierPolicy policy, ScalingState state, TierObservation seen, DateTimeOffset now)
    {
        if (seen.Hold is not HoldReason.None)
            return new(seen.Replicas, ScalingState.Initial, $"stays at {seen.Replicas}: {Because(seen.Hold)}", ScalingAlert.None);

        state = Continue(policy, state, seen, now);
        var readings = policy.Rules.Keys.Order().Select(signal => SignalReading.Of(signal, seen, policy, now)).ToList();
        var cpu = readings.Find(reading => reading.Signal is Signal.Cpu)?.Value;
        var results = readings
            .Where(reading => reading.Value is not null)
            .Select(reading =>
                Bottleneck.Judge(
                    SignalRecommendation.Of(reading.Signal, reading.Value!.Value, policy, state, seen, now),
                    cpu,
                    policy,
                    state,
                    seen,
                    now
                )
            )
            .ToList();
        var demand = new CombinedDemand(policy, seen, readings, results, now);
        var recommendations = state.Recommendations.Append(new PastRecommendation(now, demand.Allowed)).ToList();
        var replicas = Next(policy, state, seen, demand, recommendations, now);
        return new(
            replicas,
            state with
            {
                DecidedAt = now,
                Wanted = replicas,
                Recommendations = recommendations,
                Scalings = replicas == seen.Replicas ? state.Scalings : [.. state.Scalings, new Scaling(now, seen.Replicas, replicas)],
                AboveSince = results
                    .Where(result => result.Recommendation.AboveSince is not null)
                    .ToDictionary(result => result.Recommendation.Signal, result => result.Recommendation.AboveSince!.Value),
                Trials = Trials(policy, seen, results, cpu, replicas),
            },
            demand.Explain(replicas, recommendations.Max(recommendation => recommendation.Replicas)),
            demand.Alert
        )
        {
            IsBlind = demand.IsBlind,
        };
    }

    /// <summary>Removes expired parts of the state. Without a recent state, counts the running containers as needed.</summary>
    private static ScalingState Continue(TierPolicy policy, ScalingState state, TierObservation seen, DateTimeOffset now)
    {
        if (state.DecidedAt is not { } last || now - last > s_longestGap || now < last)
            state = ScalingState.Initial with { Recommendations = [new(now, seen.Replicas)] };
        else if (state.Wanted != seen.Replicas)
            state = state with { Recommendations = [.. state.Recommendations, new(now, seen.Replicas)] };
        var longest = policy.Up.Within > policy.Down.Within ? policy.Up.Within : policy.Down.Within;
        return state with
        {
            Recommendations = [.. state.Recommendations.Where(recommendation => recommendation.At > now - policy.DownAfter)],
            Scalings = [.. state.Scalings.Where(scaling => scaling.At > now - longest)],
        };
    }

    private static int Next(
        TierPolicy policy,
        ScalingState state,
        TierObservation seen,
        CombinedDemand demand,
        List<PastRecommendation> recommendations,
        DateTimeOffset now
    )
    {
        if (demand.Allowed > seen.Replicas)
            return Math.Max(
                Math.Min(demand.Allowed, policy.Up.Highest(seen.Replicas, state.Scalings, now)),
                Math.Min(demand.Limits.Min, demand.Allowed)
            );
        // Recommendations above the maximum do not keep containers.
        var kept = Math.Min(recommendations.Max(recommendation => recommendation.Replicas), Math.Max(demand.Limits.Max, demand.Allowed));
        return kept < seen.Replicas ? Math.Max(kept, policy.Down.Lowest(seen.Replicas, state.Scalings, now)) : seen.Replicas;
    }

    private static Dictionary<Signal, ScaleUpTrial> Trials(
        TierPolicy policy,
        TierObservation seen,
        List<BottleneckResult> results,
        double? cpu,
        int replicas
    )
    {
        var trials = results
            .Where(result => result.Trial is not null)
            .ToDictionary(result => result.Recommendation.Signal, result => result.Trial!);
        if (replicas <= seen.Replicas || cpu is not { } used || used > policy.Rules[Signal.Cpu].Above)
            return trials;
        foreach (
            var result in results.Where(result =>
                result.Recommendation.Signal is not Signal.Cpu
                && result.Recommendation.Lasts
                && result.Recommendation.Replicas > seen.Replicas
            )
        )
            trials[result.Recommendation.Signal] = Bottleneck.Begin(result.Recommendation, replicas, used, seen);
        return trials;
    }

    private static string Because(HoldReason hold) =>
        hold switch
        {
            HoldReason.Paused => "autoscaling is paused",
            HoldReason.Deployment => "a deployment is running",
            HoldReason.Failover => "the database is failing over",
            _ => throw new ArgumentOutOfRangeException(nameof(hold)),
        };
}
