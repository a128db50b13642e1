using WpFarm.Topology.Layers.Edge;
using WpFarm.Topology.Layers.ReverseProxy;

namespace WpFarm.Topology.Layers;

/// <summary>
/// The edge, which visitors connect to, and the balancer in front of the pools. HAProxy is the edge, too, if Traefik's image cannot be
/// pulled, and if the farm ends TLS: one program takes the certificates from the Orchestrator.
/// </summary>
internal static class ReverseProxyLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) =>
        [.. PublicAddress.NeedsCertificates(farm.Options.Edge) ? Array.Empty<Service>() : [Traefik.Service(farm)], HaProxy.Service(farm)];
}
