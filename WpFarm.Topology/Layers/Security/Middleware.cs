using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.ReverseProxy;

namespace WpFarm.Topology.Layers.Security;

/// <summary>Traefik's middleware: CrowdSec's decisions, rate limit, headers.</summary>
internal static class Middleware
{
    /// <summary>The name by which a router refers to the whole chain.</summary>
    public const string Chain = "farm";

    /// <summary>The same for requests that come through Cloudflare.</summary>
    public const string CloudflareChain = "farm-cloudflare";

    public static string Configuration(EdgeOptions edge)
    {
        var average = 10L * edge.RequestsPerSecond;
        return Embedded.Text(
            "Security/middleware.yml",
            ("decisions", HaProxy.Decisions.Address),
            ("average", $"{average}"),
            ("burst", $"{Math.Max(1, 2 * average)}"),
            ("sts", edge.Tls is not TlsMode.Proxy ? "" : "        stsSeconds: 31536000\n")
        );
    }
}
