using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Backups;
using WpFarm.Topology.Layers.Database;

namespace WpFarm.Topology.Layers;

internal static class DatabaseLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) =>
        [.. Mariadb.Services(farm), .. MariadbScratch.Runs(farm) ? [MariadbScratch.Service(farm)] : Array.Empty<Service>(), .. Proxy(farm)];

    /// <summary>
    /// The database proxy. If farm.json selects ProxySQL and its image is missing, ProxySQL is listed as omitted and HAProxy runs.
    /// </summary>
    private static IEnumerable<Service> Proxy(FarmDesign farm) =>
        (farm.Options.Database.Proxy, ProxySql.Runs(farm)) switch
        {
            (DatabaseProxy.HaProxy, _) => [DbProxy.Service(farm)],
            (_, true) => [ProxySql.Service(farm)],
            _ => [ProxySql.Service(farm) with { Name = ProxySql.OwnName }, DbProxy.Service(farm)],
        };
}
