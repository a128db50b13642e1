namespace WpFarm.Topology.Layers;

internal static class SecurityLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) => [];
}
