using WpFarm.Topology.Layers.Application;

namespace WpFarm.Topology.Layers;

/// <summary>Layer 5: a pool of WordPress containers per tier, and the job that installs the sites.</summary>
internal static class ApplicationLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) =>
        [.. farm.Tiers.Select(tier => Pool.Service(farm, tier.Key, tier.Value)), WordPressInstall.Service(farm)];
}
