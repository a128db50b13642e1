namespace WpFarm.Topology.Layers;

internal static class DatabaseLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) => [];
}
