using WpFarm.Topology.Layers.Management;

namespace WpFarm.Topology.Layers;

/// <summary>The services that control the farm, and the web interface for administrators.</summary>
internal static class ManagementLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) =>
        [Orchestrator.Service(farm), EngineProxy.Service(farm), Portainer.Service(farm)];
}
