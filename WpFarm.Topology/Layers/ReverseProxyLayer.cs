using WpFarm.Topology.Layers.ReverseProxy;

namespace WpFarm.Topology.Layers;

/// <summary>
/// What visitors reach, and the balancer in front of the pools. Where Traefik's image cannot be had, HAProxy listens to
/// visitors too.
/// </summary>
internal static class ReverseProxyLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) => [Traefik.Service(farm), HaProxy.Service(farm)];
}
