using WpFarm.Topology.Layers.Management;

namespace WpFarm.Topology.Layers;

/// <summary>
/// The services that control the farm, and the web interface for administrators. <see cref="EngineProxy"/> is apart: it knows all others.
/// </summary>
internal static class ManagementLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) =>
        [Orchestrator.Service(farm), .. farm.Options.Management.Portainer ? [Portainer.Service(farm)] : Array.Empty<Service>()];
}
