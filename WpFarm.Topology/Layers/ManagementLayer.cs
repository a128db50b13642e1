namespace WpFarm.Topology.Layers;

internal static class ManagementLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) => [];
}
