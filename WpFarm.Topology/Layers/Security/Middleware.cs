using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Edge;
using WpFarm.Topology.Layers.ReverseProxy;

namespace WpFarm.Topology.Layers.Security;

/// <summary>Traefik's middleware: rate limit, IP filter, headers.</summary>
internal static class Middleware
{
    /// <summary>The name by which a router refers to the whole chain.</summary>
    public const string Chain = "farm";

    public static string Configuration(EdgeOptions edge)
    {
        var average = 10L * edge.RequestsPerSecond;
        return Embedded.Text(
            "Security/middleware.yml",
            ("average", $"{average}"),
            ("burst", $"{Math.Max(1, 2 * average)}"),
            ("cloudflare", Traefik.YamlFlow(Cloudflare.Ranges)),
            ("sts", edge.Tls is not TlsMode.Proxy ? "" : "        stsSeconds: 31536000\n")
        );
    }
}
