namespace WpFarm.Topology.Layers;

internal static class CachingLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) => [];
}
