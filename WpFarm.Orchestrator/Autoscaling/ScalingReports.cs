using System.Collections.Immutable;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>Holds the state of the tiers and the latest changes, for the API and the metrics.</summary>
internal sealed class ScalingReports(Farm farm)
{
    private const int ChangesKept = 500;

    private ImmutableList<TierScaling> _tiers =
    [
        .. farm.Tiers.Select(tier => TierScaling.Of(tier.Key, tier.Value)),
        .. AdvisedPart.Of(farm).Select(TierScaling.Of),
    ];

    public IReadOnlyList<TierScaling> Tiers => _tiers;

    /// <summary>The changes, the latest first.</summary>
    public IReadOnlyList<ScalingChange> Changes { get; private set; } = [];

    /// <summary>Records the state of a tier. The scaler and the advisor may call it at the same time; no update is lost.</summary>
    public void Publish(TierScaling tier) =>
        ImmutableInterlocked.Update(ref _tiers, (all, tier) => all.SetItem(all.FindIndex(other => other.Tier == tier.Tier), tier), tier);

    public void Publish(ScalingChange change) => Changes = [change, .. Changes.Take(ChangesKept - 1)];
}
