namespace WpFarm.Topology.Layers;

internal static class ApplicationLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) => [];
}
