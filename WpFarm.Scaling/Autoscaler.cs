namespace WpFarm.Scaling;

/// <summary>
/// How many containers a tier should have. Pure: the same policy, state, observation and time give the same decision. The mathematics
/// are those of Kubernetes' HorizontalPodAutoscaler; docs/autoscaling.md says what is different and why.
/// </summary>
public static class Autoscaler
{
    /// <summary>A state that is older says nothing about what was needed since.</summary>
    private static readonly TimeSpan s_longestGap = TimeSpan.FromMinutes(5);

    /// <summary>To be called every 15 s or so, with the state of the call before.</summary>
    public static Decision Decide(TierPolicy policy, ScalingState state, TierObservation seen, DateTimeOffset now)
    {
        if (seen.Hold is not HoldReason.None)
            return new(seen.Replicas, ScalingState.Initial, $"stays at {seen.Replicas}: {Because(seen.Hold)}", ScalingAlert.None);

        state = Continue(policy, state, seen, now);
        var readings = policy.Rules.Keys.Order().Select(signal => SignalReading.Of(signal, seen, policy, now)).ToList();
        var cpu = readings.Find(reading => reading.Signal is Signal.Cpu)?.Value;
        var verdicts = readings
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
        var outlook = new CombinedDemand(policy, seen, readings, verdicts, now);
        var needs = state.Needs.Append(new Need(now, outlook.Allowed)).ToList();
        var replicas = Next(policy, state, seen, outlook, needs, now);
        return new(
            replicas,
            state with
            {
                DecidedAt = now,
                Wanted = replicas,
                Needs = needs,
                Scalings = replicas == seen.Replicas ? state.Scalings : [.. state.Scalings, new Scaling(now, seen.Replicas, replicas)],
                AboveSince = verdicts
                    .Where(verdict => verdict.Need.AboveSince is not null)
                    .ToDictionary(verdict => verdict.Need.Signal, verdict => verdict.Need.AboveSince!.Value),
                Climbs = Climbs(policy, seen, verdicts, cpu, replicas),
            },
            outlook.Explain(replicas, needs.Max(need => need.Replicas)),
            outlook.Alert
        )
        {
            IsBlind = outlook.IsBlind,
        };
    }

    /// <summary>What is still of use of the state. Where it does not reach back, what runs now is taken for needed.</summary>
    private static ScalingState Continue(TierPolicy policy, ScalingState state, TierObservation seen, DateTimeOffset now)
    {
        if (state.DecidedAt is not { } last || now - last > s_longestGap || now < last)
            state = ScalingState.Initial with { Needs = [new(now, seen.Replicas)] };
        else if (state.Wanted != seen.Replicas)
            state = state with { Needs = [.. state.Needs, new(now, seen.Replicas)] };
        var longest = policy.Up.Within > policy.Down.Within ? policy.Up.Within : policy.Down.Within;
        return state with
        {
            Needs = [.. state.Needs.Where(need => need.At > now - policy.DownAfter)],
            Scalings = [.. state.Scalings.Where(scaling => scaling.At > now - longest)],
        };
    }

    private static int Next(
        TierPolicy policy,
        ScalingState state,
        TierObservation seen,
        CombinedDemand outlook,
        List<Need> needs,
        DateTimeOffset now
    )
    {
        if (outlook.Allowed > seen.Replicas)
            return Math.Max(
                Math.Min(outlook.Allowed, policy.Up.Highest(seen.Replicas, state.Scalings, now)),
                Math.Min(outlook.Limits.Min, outlook.Allowed)
            );
        // More than the maximum was never needed, whatever the last minutes asked for.
        var kept = Math.Min(needs.Max(need => need.Replicas), Math.Max(outlook.Limits.Max, outlook.Allowed));
        return kept < seen.Replicas ? Math.Max(kept, policy.Down.Lowest(seen.Replicas, state.Scalings, now)) : seen.Replicas;
    }

    private static Dictionary<Signal, Climb> Climbs(
        TierPolicy policy,
        TierObservation seen,
        List<BottleneckResult> verdicts,
        double? cpu,
        int replicas
    )
    {
        var climbs = verdicts
            .Where(verdict => verdict.Climb is not null)
            .ToDictionary(verdict => verdict.Need.Signal, verdict => verdict.Climb!);
        if (replicas <= seen.Replicas || cpu is not { } used || used > policy.Rules[Signal.Cpu].Above)
            return climbs;
        foreach (
            var verdict in verdicts.Where(verdict =>
                verdict.Need.Signal is not Signal.Cpu && verdict.Need.Lasts && verdict.Need.Replicas > seen.Replicas
            )
        )
            climbs[verdict.Need.Signal] = Bottleneck.Begin(verdict.Need, replicas, used, seen);
        return climbs;
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
