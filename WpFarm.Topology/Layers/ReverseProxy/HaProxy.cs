using System.Globalization;
using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Application;
using WpFarm.Topology.Layers.Caching;
using WpFarm.Topology.Layers.Edge;
using WpFarm.Topology.Layers.Security;

namespace WpFarm.Topology.Layers.ReverseProxy;

/// <summary>Balances the pools, each in its own backend. Without Traefik it is also the edge.</summary>
internal static class HaProxy
{
    public const string Name = "haproxy";
    public const int EdgePort = 8080;
    public const int PoolsPort = 8081;
    public const int OperationsPort = 8404;
    public const int BlocklistPort = 8405;

    public static ServiceEndpoint Pools => ServiceEndpoint.Http(Name, PoolsPort);

    public static ServiceEndpoint Blocklist => ServiceEndpoint.Http(Name, BlocklistPort);

    /// <summary>The scrape of every HAProxy, whatever it balances.</summary>
    internal static Scrape Scrape(string service) => new(Name, ServiceEndpoint.Http(service, OperationsPort));

    private const string Folder = "/etc/haproxy";

    /// <summary>In memory: HAProxy saves the state of the servers here before it loads the next configuration.</summary>
    internal const string StateFolder = "/run/haproxy";

    /// <summary>The reload of every HAProxy. The program is in the image.</summary>
    internal static Reload Reload { get; } = new(Folder, "farm-haproxy-reload");

    /// <summary>Owned by the image's user.</summary>
    internal static Tmpfs State { get; } = new(StateFolder, ByteSize.MB(4)) { Uid = 903, Gid = 903 };

    public static Service Service(FarmDesign farm)
    {
        var isEdge = farm.IsMissing(UpstreamImages.Traefik);
        return new Service
        {
            Name = Name,
            Layer = Layer.ReverseProxy,
            Description = isEdge ? "Edge, and balancer of the WordPress pools" : "Balancer of the WordPress pools",
            Image = new Image.FirstParty("haproxy"),
            Command = isEdge ? ["-f", $"{Folder}/haproxy.cfg", "-f", $"{Folder}/haproxy-edge.cfg"] : ["-f", $"{Folder}/haproxy.cfg"],
            Files =
            [
                new($"{Folder}/haproxy.cfg", Configuration(farm)),
                .. isEdge ? [new MountedFile($"{Folder}/haproxy-edge.cfg", EdgeConfiguration(farm))] : Array.Empty<MountedFile>(),
                new($"{Folder}/hosts.map", HostsMap(farm.Sites)),
                new($"{Folder}/unknown-host.html", Embedded.Text("ReverseProxy/unknown-host.html")),
                new($"{Folder}/cloudflare-ips.txt", Cloudflare.RangesFile),
            ],
            Reload = Reload,
            ServesVisitors = true,
            Tmpfs = [State],
            Networks = [Network.Web, Network.WordPress],
            Ports = isEdge ? [new(farm.Options.Edge.HttpPort, EdgePort) { Purpose = "sites" }] : [],
            Health = new HealthCheck("curl", "-fsS", "-o", "/dev/null", $"http://127.0.0.1:{OperationsPort}/healthz"),
            Calls =
            [
                .. isEdge ? [new Call(Varnish.Pages, CallKind.Request, "requests")] : Array.Empty<Call>(),
                .. farm.Tiers.Select(tier => new Call(Pool.Pages(tier.Key), CallKind.Request, "requests")),
                new(CrowdSec.Syslog, CallKind.Telemetry, "access log"),
                new(Fail2ban.Syslog, CallKind.Telemetry, "access log"),
            ],
            Scrapes = [Scrape(Name)],
            Limits = new(Cpus: 2, ByteSize.MB(128)),
            // Behind Traefik it is redundant. As the edge, on Compose, a second replica would need a port of its own.
            Replicas = isEdge ? Replicas.One : farm.Redundant,
            Placement = isEdge
                ? new() { Role = NodeRole.Edge, Global = true }
                : new() { Role = NodeRole.Edge, MaxPerNode = farm.Redundant.Max > 1 ? 1 : 0 },
            // hard-stop-after in haproxy.cfg is shorter.
            StopGrace = RequestLimits.Longest + TimeSpan.FromSeconds(10),
        };
    }

    private static string Configuration(FarmDesign farm) =>
        Embedded.Text(
            "ReverseProxy/haproxy.cfg",
            ("longest", $"{RequestLimits.Longest.TotalSeconds}"),
            ("rate-limit", RateLimit(farm.Options.Edge.RequestsPerSecond)),
            ("public-port", PublicPort(farm.Options.Edge)),
            ("crowdsec", SyslogServer(CrowdSec.Syslog)),
            ("fail2ban", SyslogServer(Fail2ban.Syslog)),
            ("pools", string.Concat(farm.Tiers.Select(tier => Backend(tier.Key, tier.Value))))
        );

    private static string EdgeConfiguration(FarmDesign farm) =>
        Embedded.Text(
            "ReverseProxy/haproxy-edge.cfg",
            ("varnish", Varnish.Pages.HostAndPort),
            ("too-large", string.Concat(farm.Tiers.Select(tier => TooLarge(tier.Key, RequestLimits.Of(tier.Value)))))
        );

    private static string SyslogServer(ServiceEndpoint receiver) => $"{receiver.Host} {receiver.Scheme}@{receiver.HostAndPort}";

    private static string TooLarge(string tier, RequestLimits limits)
    {
        var message = $"This is too large: at most {limits.Upload.Megabytes} MB can be uploaded.\\n";
        var condition = $"{{ var(txn.tier) -m str {tier} }} {{ req.body_size gt {limits.Body.Bytes} }}";
        return $"  http-request return status 413 content-type \"text/plain; charset=utf-8\" string \"{message}\" if {condition}\n";
    }

    /// <summary>Maps each host name to its tier: <c>host tier</c> per line.</summary>
    private static string HostsMap(IEnumerable<Site> sites) =>
        string.Concat(sites.SelectMany(site => site.Hosts.Select(host => $"{host.ToLowerInvariant()} {site.Tier}\n")));

    /// <summary>
    /// The limit per second, counted over a window of ten seconds, so that a visitor may use several seconds of it at once.
    /// </summary>
    private static string RateLimit(int requestsPerSecond)
    {
        if (requestsPerSecond == 0)
            return "";
        var limit = $"{requestsPerSecond} requests a second from one address, on average over ten seconds";
        var refusal = "return status 429 content-type text/plain string \"Too many requests. Please wait a moment.\\n\" hdr Retry-After 10";
        return $$"""

              # What the cache could not answer costs PHP: {{limit}}.
              http-request track-sc1 src table requests
              http-request {{refusal}} if { sc1_http_req_rate gt {{10L * requestsPerSecond}} }

            """;
    }

    private static string PublicPort(EdgeOptions edge) =>
        edge switch
        {
            { Tls: TlsMode.Off, HttpPort: not 80 } => string.Create(CultureInfo.InvariantCulture, $":{edge.HttpPort}"),
            { Tls: not TlsMode.Off, HttpsPort: not 443 } => string.Create(CultureInfo.InvariantCulture, $":{edge.HttpsPort}"),
            _ => "",
        };

    /// <summary>
    /// One server slot more than containers, because an update may start the new container first. A container gets a few more requests than
    /// it has PHP workers, so that files do not wait behind pages. The others queue here, where they are counted and go to the next free
    /// container.
    /// </summary>
    private static string Backend(string tier, TierOptions options) =>
        $$"""
            backend {{Pool.Name(tier)}} from pool
              http-request disable-l7-retry unless { method GET HEAD OPTIONS }
              server-template {{tier}} {{options.Replicas.Max + 1}} {{Pool.Pages(tier).HostAndPort}} maxconn {{options.Workers + 4}}


            """;
}
