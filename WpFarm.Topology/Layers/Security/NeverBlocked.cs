using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Edge;

namespace WpFarm.Topology.Layers.Security;

/// <summary>
/// Whom no decision may name: the proxies in front of the farm, and private addresses. Behind Docker's gateway all visitors of a single
/// host may have the same one, and the farm's own services have such addresses.
/// </summary>
public static class NeverBlocked
{
    /// <summary>In CIDR notation: <c>10.0.0.0/8</c>.</summary>
    public static IReadOnlyList<string> Private { get; } =
    ["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"];

    /// <summary>The proxies in front of the farm, in CIDR notation.</summary>
    public static IReadOnlyList<string> Proxies(EdgeOptions edge) => [.. Cloudflare.Ranges, .. edge.TrustedProxies];

    internal static IReadOnlyList<string> Of(EdgeOptions edge) => [.. Private, .. Proxies(edge)];
}
