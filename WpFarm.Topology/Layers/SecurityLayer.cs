using WpFarm.Topology.Layers.Security;

namespace WpFarm.Topology.Layers;

/// <summary>
/// The services that detect and block attacks. The third box of the seed's layer, the middleware, runs inside Traefik:
/// <see cref="Middleware"/>.
/// </summary>
internal static class SecurityLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) => [CrowdSec.Service(farm), Fail2ban.Service(farm)];
}
