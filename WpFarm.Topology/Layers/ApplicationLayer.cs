using WpFarm.Topology.Layers.Application;
using WpFarm.Topology.Layers.Backups;

namespace WpFarm.Topology.Layers;

/// <summary>
/// Layer 5: a pool of WordPress containers per tier, the job that installs the sites, the mail server, the proxy to the internet, and a
/// WordPress that shows the sites from a backup.
/// </summary>
internal static class ApplicationLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) =>
        [
            .. farm.Tiers.Select(tier => Pool.Service(farm, tier.Key, tier.Value)),
            WordPressInstall.Service(farm),
            Mail.Service(farm),
            Egress.Service(farm),
            .. MariadbScratch.Runs(farm) ? [WordPressScratch.Service(farm)] : Array.Empty<Service>(),
        ];
}
