using System.Collections.Immutable;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>How the tiers are and what was changed, for whoever wants to know.</summary>
internal sealed class ScalingReports(Farm farm)
{
    private const int ChangesKept = 500;

    private ImmutableSortedDictionary<string, TierScaling> _tiers = farm.Tiers.ToImmutableSortedDictionary(
        tier => tier.Key,
        tier => new TierScaling(tier.Key, tier.Value.Scaling.Enabled ? ScalingMode.On : ScalingMode.Off, tier.Value.Replicas.Min, tier.Value.Replicas.Max),
        StringComparer.Ordinal);

    public IEnumerable<TierScaling> Tiers => _tiers.Values;

    /// <summary>The latest first.</summary>
    public ImmutableList<ScalingChange> Changes { get; private set; } = [];

    public void Tell(TierScaling tier) => _tiers = _tiers.SetItem(tier.Tier, tier);

    public void Tell(ScalingChange change) => Changes = [change, .. Changes.Take(ChangesKept - 1)];
}
