using System.Collections.Immutable;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>How the tiers are and what was changed, for whoever wants to know.</summary>
internal sealed class ScalingReports(Farm farm)
{
    private const int ChangesKept = 500;

    private readonly IReadOnlyList<string> _order = [.. farm.Tiers.Select(tier => tier.Key), .. AdvisedPart.Of(farm).Select(part => part.Name)];

    private ImmutableDictionary<string, TierScaling> _tiers = farm.Tiers.Select(tier => TierScaling.Of(tier.Key, tier.Value)).Concat(AdvisedPart.Of(farm).Select(TierScaling.Of))
        .ToImmutableDictionary(tier => tier.Tier);

    public IEnumerable<TierScaling> Tiers => _order.Select(name => _tiers[name]);

    /// <summary>The latest first.</summary>
    public ImmutableList<ScalingChange> Changes { get; private set; } = [];

    public void Tell(TierScaling tier) => _tiers = _tiers.SetItem(tier.Tier, tier);

    public void Tell(ScalingChange change) => Changes = [change, .. Changes.Take(ChangesKept - 1)];
}
