using WpFarm.Topology.FarmFile;

namespace WpFarm.Scaling.Simulation;

/// <summary>Runs the same traffic with the farm's rules, with Kubernetes' HPA, and without autoscaling.</summary>
public static class Comparison
{
    /// <summary>
    /// HPA gets the same thresholds: once with its built-in metrics, once with all signals, as KEDA or an adapter would provide them.
    /// </summary>
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
