using System.Collections.Immutable;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>How the tiers are and what was changed, for whoever wants to know.</summary>
internal sealed class ScalingReports(Farm farm)
{
    private const int ChangesKept = 500;

    private ImmutableList<TierScaling> _tiers =
    [
        .. farm.Tiers.Select(tier => TierScaling.Of(tier.Key, tier.Value)),
        .. AdvisedPart.Of(farm).Select(TierScaling.Of),
    ];

    public IReadOnlyList<TierScaling> Tiers => _tiers;

    /// <summary>The latest first.</summary>
    public IReadOnlyList<ScalingChange> Changes { get; private set; } = [];

    /// <summary>Who scales and who advises tell at the same time: neither loses what the other said.</summary>
    public void Tell(TierScaling tier) =>
        ImmutableInterlocked.Update(ref _tiers, (all, tier) => all.SetItem(all.FindIndex(other => other.Tier == tier.Tier), tier), tier);

    public void Tell(ScalingChange change) => Changes = [change, .. Changes.Take(ChangesKept - 1)];
}
