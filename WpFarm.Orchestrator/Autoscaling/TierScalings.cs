using WpFarm.Scaling;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Orchestrator.Autoscaling;

internal static class TierScalings
{
    extension(TierScaling)
    {
        /// <summary>The state before the first observation.</summary>
        public static TierScaling Of(string tier, TierOptions settings) =>
            settings.Scaling.Enabled
                ? new(tier, ScalingMode.On, settings.Replicas.Min, settings.Replicas.Max)
                : new(tier, ScalingMode.Off, settings.Replicas.Min, settings.Replicas.Max)
                {
                    Reason = $"not scaled: tiers.{tier}.scaling.enabled is false",
                };

        /// <summary>The state before the first observation.</summary>
        public static TierScaling Of(AdvisedPart part) =>
            part.IsWatched
                ? new(part.Name, ScalingMode.Advice, part.Policy.Limits.Min, part.Policy.Limits.Max)
                : new(part.Name, ScalingMode.Off, part.Policy.Limits.Min, part.Policy.Limits.Max)
                {
                    Reason = $"not watched: {part.Key}.enabled is false",
                };
    }

    /// <param name="trouble">Why signals are unknown. Null when they are known.</param>
    public static TierScaling Decided(this TierScaling tier, TierObservation seen, Decision decision, string? trouble) =>
        tier with
        {
            Replicas = seen.Replicas,
            Wanted = decision.Replicas,
            Ready = seen.Ready,
            Capacity = seen.Capacity,
            Signals = seen.Signals.ToDictionary(signal => signal.Key, signal => signal.Value.Value),
            Reason = decision.Reason,
            Alert = decision.Alert,
            Trouble = trouble,
        };
}
