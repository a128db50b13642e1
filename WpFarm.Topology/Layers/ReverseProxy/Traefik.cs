using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Application;
using WpFarm.Topology.Layers.Caching;
using WpFarm.Topology.Layers.Edge;
using WpFarm.Topology.Layers.Security;
using YamlDotNet.Serialization;

namespace WpFarm.Topology.Layers.ReverseProxy;

/// <summary>
/// The seed's three edge nodes, when a proxy in front of the farm ends TLS, or nobody does. All have the same files and share nothing, so
/// the farm can lose any of them. With certificates HAProxy is the edge.
/// </summary>
public static class Traefik
{
    public const string Name = "traefik";
    public const int HttpPort = 8080;
    public const int OperationsPort = 8082;

    /// <summary>Prometheus job name.</summary>
    public const string Job = Name;

    private const string NoOtherUser = "the image has no other user; without any capability it can do nothing that another could not";

    internal static Service Service(FarmDesign farm)
    {
        var edge = farm.Options.Edge;
        return new Service
        {
            Name = Name,
            Layer = Layer.ReverseProxy,
            Description = "Edge: routing by host, rate limit, headers",
            Image = UpstreamImages.Traefik,
            Files =
            [
                new("/etc/traefik/traefik.yml", StaticConfiguration(edge)),
                new("/etc/traefik/dynamic/routers.yml", Routers(farm.Sites)),
                new("/etc/traefik/dynamic/middleware.yml", Middleware.Configuration(edge)),
            ],
            // Traefik watches the folder itself.
            Reload = new("/etc/traefik/dynamic"),
            ServesVisitors = true,
            Networks = [Network.Web],
            Ports = [new(edge.HttpPort, HttpPort) { Purpose = "sites" }],
            Tmpfs = [new("/tmp", ByteSize.MB(16))],
            RootReason = NoOtherUser,
            Health = new HealthCheck("traefik", "healthcheck"),
            Calls =
            [
                new(Varnish.Pages, CallKind.Request, "requests"),
                new(HaProxy.Pools, CallKind.Request, "requests without Varnish"),
                new(HaProxy.Decisions, CallKind.Request, "decisions"),
            ],
            Scrapes = [new(Job, ServiceEndpoint.Http(Name, OperationsPort)) { Replicated = true }],
            Limits = new(Cpus: 1, ByteSize.MB(256)),
            Replicas = Replicas.Exactly(3),
            Placement = new() { Role = NodeRole.Edge, Global = true },
            // Longer than requestAcceptGraceTimeout plus graceTimeOut in traefik.yml.
            StopGrace = TimeSpan.FromSeconds(25),
        };
    }

    private static string StaticConfiguration(EdgeOptions edge) =>
        Embedded.Text(
            "ReverseProxy/traefik.yml",
            ("longest", $"{RequestLimits.Longest.TotalSeconds}"),
            ("trusted-ips", YamlFlow([.. Cloudflare.Ranges, .. edge.TrustedProxies]))
        );

    internal static string YamlFlow(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(value => $"\"{value}\""))}]";

    /// <summary>
    /// Two routers per site, for its first host. For any other host the balancer answers: it redirects an alias, and for an unknown host it
    /// has a page that names the problem.
    /// </summary>
    private static string Routers(IEnumerable<Site> sites)
    {
        var routers = new Dictionary<string, object>();
        var throughCloudflare = string.Join(" || ", Cloudflare.Ranges.Select(range => $"ClientIP(`{range}`)"));
        foreach (var site in sites)
        {
            routers[site.Id] = Router($"Host(`{site.Host}`)", "pages");
            // Traefik prefers the longer rule.
            routers[$"{site.Id}-cloudflare"] = Router($"Host(`{site.Host}`) && ({throughCloudflare})", "pages", Middleware.CloudflareChain);
        }

        routers["other-host"] = Router("PathPrefix(`/`)", "balancer", priority: 1);
        routers["other-host-cloudflare"] = Router(throughCloudflare, "balancer", Middleware.CloudflareChain, priority: 2);

        return new SerializerBuilder()
            .DisableAliases()
            .Build()
            .Serialize(
                new
                {
                    http = new
                    {
                        routers,
                        services = new
                        {
                            pages = new { failover = new { service = "cache", fallback = "balancer" } },
                            cache = LoadBalancer(Varnish.Pages),
                            balancer = LoadBalancer(HaProxy.Pools),
                        },
                    },
                }
            );
    }

    private static Dictionary<string, object> Router(
        string rule,
        string service,
        string middleware = Middleware.Chain,
        int? priority = null
    )
    {
        var router = new Dictionary<string, object>
        {
            ["rule"] = rule,
            ["middlewares"] = new[] { middleware },
            ["service"] = service,
        };
        if (priority is { } value)
            router["priority"] = value;
        return router;
    }

    private static object LoadBalancer(ServiceEndpoint endpoint) =>
        new
        {
            loadBalancer = new
            {
                servers = new[] { new { url = endpoint.Address } },
                healthCheck = new
                {
                    path = "/healthz",
                    interval = "2s",
                    timeout = "1s",
                },
            },
        };
}
