namespace WpFarm.Topology.Layers;

internal static class ObservabilityLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) => [];
}
