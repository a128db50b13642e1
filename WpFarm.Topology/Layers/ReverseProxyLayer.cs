using WpFarm.Topology.Layers.ReverseProxy;

namespace WpFarm.Topology.Layers;

/// <summary>
/// The edge, which visitors connect to, and the balancer in front of the pools. If Traefik's image cannot be pulled, HAProxy is the edge
/// too.
/// </summary>
internal static class ReverseProxyLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) => [Traefik.Service(farm), HaProxy.Service(farm)];
}
