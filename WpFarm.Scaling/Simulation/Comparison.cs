using WpFarm.Topology.FarmFile;

namespace WpFarm.Scaling.Simulation;

/// <summary>The same traffic under a farm's own rules, under Kubernetes', and under none.</summary>
public static class Comparison
{
    /// <summary>HPA is given the same thresholds: once with what it has by itself, once with all signals, as KEDA or an adapter would bring them.</summary>
    public static IReadOnlyList<SimulationResult> Of(Traffic traffic, TierOptions tier)
    {
        var policy = TierPolicy.Of(tier);
        var targets = policy.Rules.ToDictionary(rule => rule.Key, rule => rule.Value.Above);
        ScalerOfPool[] scalers =
        [
            new WpFarmScaler(policy),
            new HorizontalPodAutoscaler(
                "HPA, CPU and memory",
                policy.Limits,
                targets.Where(target => target.Key is Signal.Cpu or Signal.Memory).ToDictionary()
            ),
            new HorizontalPodAutoscaler("HPA, all signals", policy.Limits, targets),
            new FixedScaler(policy.Limits.Max),
        ];
        return [.. scalers.Select(scaler => Simulator.Run(traffic, tier, scaler))];
    }
}
