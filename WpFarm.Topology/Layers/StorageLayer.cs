namespace WpFarm.Topology.Layers;

internal static class StorageLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) => [];
}
