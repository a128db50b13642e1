using WpFarm.Topology.Layers.Management;

namespace WpFarm.Topology.Layers;

/// <summary>What runs the farm from the inside, and what people look at it with.</summary>
internal static class ManagementLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) =>
        [Orchestrator.Service(farm), EngineProxy.Service(farm), Portainer.Service(farm)];
}
