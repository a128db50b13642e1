namespace WpFarm.Topology.Layers;

internal static class ReverseProxyLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) => [];
}
