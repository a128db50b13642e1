using WpFarm.Topology.Layers.Database;

namespace WpFarm.Topology.Layers;

internal static class DatabaseLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) => [.. Mariadb.Services(farm), DbProxy.Service(farm)];
}
