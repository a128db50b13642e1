using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Application;
using WpFarm.Topology.Layers.Caching;
using WpFarm.Topology.Layers.Edge;
using WpFarm.Topology.Layers.Management;
using WpFarm.Topology.Layers.Security;

namespace WpFarm.Topology.Layers.ReverseProxy;

/// <summary>Balances the pools, each in its own backend. Without Traefik it is also the edge.</summary>
internal static class HaProxy
{
    public const string Name = "haproxy";
    public const int EdgePort = 8080;
    public const int SecureEdgePort = 8443;
    public const int PoolsPort = 8081;
    public const int OperationsPort = 8404;
    public const int DecisionsPort = 8405;

    public static ServiceEndpoint Pools => ServiceEndpoint.Http(Name, PoolsPort);

    /// <summary>Where visitors' TLS ends when HAProxy is the edge.</summary>
    public static ServiceEndpoint SecureEdge => new(Name, SecureEdgePort, "https");

    /// <summary>Where Traefik asks whether an address may come in.</summary>
    public static ServiceEndpoint Decisions => ServiceEndpoint.Http(Name, DecisionsPort);

    /// <summary>The scrape of every HAProxy, whatever it balances.</summary>
    internal static Scrape Scrape(string service) => new(Name, ServiceEndpoint.Http(service, OperationsPort));

    private const string Folder = "/etc/haproxy";

    /// <summary>In the image, too: the programs beside HAProxy write here what they fetch.</summary>
    private const string FetchedFolder = "/var/lib/haproxy";

    /// <summary>In memory: HAProxy saves the state of the servers here before it loads the next configuration.</summary>
    internal const string StateFolder = "/run/haproxy";

    /// <summary>The reload of every HAProxy. The program is in the image.</summary>
    internal static Reload Reload { get; } = new(Folder, "farm-haproxy-reload");

    /// <summary>Owned by the image's user.</summary>
    internal static Tmpfs State { get; } = new(StateFolder, ByteSize.MB(4)) { Uid = 903, Gid = 903 };

    public static Service Service(FarmDesign farm)
    {
        var isEdge = IsEdge(farm);
        var endsTls = PublicAddress.NeedsCertificates(farm.Options.Edge);
        return new Service
        {
            Name = Name,
            Layer = Layer.ReverseProxy,
            Description = isEdge ? "Edge, and balancer of the WordPress pools" : "Balancer of the WordPress pools",
            Image = new Image.FirstParty("haproxy"),
            // Runs HAProxy, and beside it the programs that are named before the two dashes.
            Entrypoint = "farm-haproxy-beside",
            Command =
            [
                "farm-haproxy-decisions",
                .. endsTls ? ["farm-haproxy-certificates"] : Array.Empty<string>(),
                "--",
                "-f",
                $"{Folder}/haproxy.cfg",
                .. isEdge ? ["-f", $"{Folder}/haproxy-edge.cfg"] : Array.Empty<string>(),
            ],
            Files =
            [
                new($"{Folder}/haproxy.cfg", Configuration(farm)),
                .. isEdge ? [new MountedFile($"{Folder}/haproxy-edge.cfg", EdgeConfiguration(farm))] : Array.Empty<MountedFile>(),
                new($"{Folder}/hosts.map", HostsMap(farm.Sites)),
                new($"{Folder}/aliases.map", AliasesMap(farm.Sites)),
                new($"{Folder}/unknown-host.html", Embedded.Text("ReverseProxy/unknown-host.html")),
                new($"{Folder}/refused.html", Embedded.Text("ReverseProxy/refused.html")),
                .. VisitorAddresses.Files(farm),
                new($"{Folder}/cloudflare-ips.txt", Cloudflare.RangesFile),
                .. isEdge
                    ? [new MountedFile($"{Folder}/trusted-proxies.txt", TrustedProxies(farm.Options.Edge))]
                    : Array.Empty<MountedFile>(),
            ],
            Reload = Reload,
            ServesVisitors = true,
            Tmpfs = [State],
            Secrets = [Secret.CrowdSecBouncer, .. endsTls ? [Secret.EdgeKey] : Array.Empty<string>()],
            // On disk, so that HAProxy starts with the last decisions and certificates when nobody answers who has them.
            Mounts = [new("edge", FetchedFolder)],
            Networks = [Network.Web, Network.WordPress],
            Ports =
            [
                .. isEdge ? [new(farm.Options.Edge.HttpPort, EdgePort) { Purpose = "sites" }] : Array.Empty<PublishedPort>(),
                .. endsTls
                    ? [new(farm.Options.Edge.HttpsPort, SecureEdgePort) { Purpose = "sites", Scheme = "https" }]
                    : Array.Empty<PublishedPort>(),
            ],
            Health = new HealthCheck("curl", "-fsS", "-o", "/dev/null", $"http://127.0.0.1:{OperationsPort}/healthz"),
            Calls =
            [
                .. isEdge ? [new Call(Varnish.Pages, CallKind.Request, "requests")] : Array.Empty<Call>(),
                .. farm.Tiers.Select(tier => new Call(Pool.Pages(tier.Key), CallKind.Request, "requests")),
                .. endsTls ? [new Call(Orchestrator.Certificates, CallKind.Request, "certificates")] : Array.Empty<Call>(),
                new(CrowdSec.Api, CallKind.Request, "decisions"),
                new(CrowdSec.Syslog, CallKind.Telemetry, "access log"),
                new(Fail2ban.Syslog, CallKind.Telemetry, "access log"),
            ],
            Scrapes = [Scrape(Name)],
            // Without TLS: 4,000 connections of one client that all wait with a full buffer. A TLS connection costs three times as much.
            Limits = new(Cpus: 2, ByteSize.MB((endsTls ? 384 : 256) + VisitorAddresses.Megabytes(farm))),
            // Behind Traefik it is redundant. As the edge, on Compose, a second replica would need a port of its own.
            Replicas = isEdge ? Replicas.One : farm.Redundant,
            Placement = isEdge
                ? new() { Role = NodeRole.Edge, Global = true }
                : new() { Role = NodeRole.Edge, MaxPerNode = farm.Redundant.Max > 1 ? 1 : 0 },
            // hard-stop-after in haproxy.cfg is shorter.
            StopGrace = RequestLimits.Longest + TimeSpan.FromSeconds(10),
        };
    }

    private static bool IsEdge(FarmDesign farm) =>
        farm.IsMissing(UpstreamImages.Traefik) || PublicAddress.NeedsCertificates(farm.Options.Edge);

    private static string Configuration(FarmDesign farm) =>
        Embedded.Text(
            "ReverseProxy/haproxy.cfg",
            ("longest", $"{RequestLimits.Longest.TotalSeconds}"),
            ("rate-limit", RateLimits(farm.Options.Edge)),
            ("public-port", PublicAddress.Of(farm.Options.Edge).Port),
            ("challenges", AnswersChallenges(farm) ? ChallengeRule : ""),
            ("blocked", BlockedRule),
            ("addresses", VisitorAddresses.Rules(farm)),
            ("aliases", AliasRule),
            ("crowdsec", SyslogServer(CrowdSec.Syslog)),
            ("fail2ban", SyslogServer(Fail2ban.Syslog)),
            (
                "pools",
                (AnswersChallenges(farm) ? ChallengeBackend : "") + string.Concat(farm.Tiers.Select(tier => Backend(tier.Key, tier.Value)))
            )
        );

    /// <summary>
    /// Refuses an address that a decision names. The map has the second at which each decision ends, so that it ends also while CrowdSec
    /// does not answer.
    /// </summary>
    private const string BlockedRule = $"""
          http-request set-var(txn.blocked) src,map_ip_int({FetchedFolder}/blocked.map,0)
          acl blocked date,sub(txn.blocked) lt 0
          http-request return status 403 content-type text/plain string "This address is blocked for now.\n" if blocked

        """;

    /// <summary>
    /// Redirects a request for an alias to the same path at the site's URL, in one step whatever its scheme. No browser and no cache keeps
    /// the answer, because farm.json may name another first host. An authority asks each host for the answer to its challenge.
    /// </summary>
    private const string AliasRule = $$"""
          # An alias redirects to the site's first host.
          http-request set-var(txn.url) var(txn.host),map_str({{Folder}}/aliases.map)
          acl alias var(txn.url) -m found
          acl challenge path_beg {{Challenges}}
          acl reads method GET HEAD
          http-request return status 301 hdr Location "%[var(txn.url)]%[pathq]" hdr Cache-Control no-store if alias reads !challenge
          http-request return status 308 hdr Location "%[var(txn.url)]%[pathq]" hdr Cache-Control no-store if alias !challenge

        """;

    private static bool AnswersChallenges(FarmDesign farm) => farm.Options.Edge.Tls is TlsMode.LetsEncrypt;

    private static string EdgeConfiguration(FarmDesign farm) =>
        Embedded.Text(
            "ReverseProxy/haproxy-edge.cfg",
            ("blocked", BlockedRule),
            ("addresses", VisitorAddresses.Rules(farm)),
            ("aliases", AliasRule),
            ("varnish", Varnish.Pages.HostAndPort),
            ("secure-bind", PublicAddress.NeedsCertificates(farm.Options.Edge) ? SecureBind : ""),
            ("secure-redirect", SecureRedirect(PublicAddress.Of(farm.Options.Edge))),
            ("secure-header", farm.Options.Edge.Tls is TlsMode.Off or TlsMode.Local ? "" : StrictTransport),
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
        string.Concat(sites.SelectMany(site => site.Hosts.Select(host => $"{host} {site.Tier}\n")));

    /// <summary>Maps each further host name of a site to the site's address: <c>alias URL</c> per line.</summary>
    private static string AliasesMap(IEnumerable<Site> sites) =>
        "# sites.ID.hosts in farm.json, without the first\n"
        + string.Concat(sites.SelectMany(site => site.Aliases.Select(alias => $"{alias} {site.Url}\n")));

    /// <summary>
    /// The limits per second, each counted over a window of ten seconds, so that a visitor may use several seconds of it at once.
    /// </summary>
    private static string RateLimits(EdgeOptions edge) =>
        RateLimit("requests", 1, edge.RequestsPerSecond, "", "What the cache could not answer costs PHP")
        + RateLimit("rest-requests", 3, edge.RestRequestsPerSecond, RestRule, "WordPress's REST API, which few pages ask")
        + RateLimit("searches", 4, edge.SearchesPerSecond, SearchRule, "A search reads every post");

    private const string RestRule = """
          acl rest-requests var(txn.path) -m sub /wp-json/
          acl rest-requests urlp(rest_route) -m found

        """;

    private const string SearchRule = """
          acl searches urlp(s) -m found
          acl searches var(txn.path) -m sub /search/

        """;

    /// <param name="table">The table of addresses, and the ACL that says which requests count.</param>
    /// <param name="rule">Defines the ACL. Empty: all requests count.</param>
    private static string RateLimit(string table, int counter, int perSecond, string rule, string why)
    {
        if (perSecond == 0)
            return "";
        var which = rule.Length > 0 ? $" if {table}" : "";
        var refusal = "return status 429 content-type text/plain string \"Too many requests. Please wait a moment.\\n\" hdr Retry-After 10";
        return $$"""

              # {{why}}: {{perSecond}} a second from one address, on average over ten seconds.
            {{rule}}  http-request track-sc{{counter}} src,ipmask(32,64) table {{table}}{{which}}
              http-request {{refusal}} if { sc_http_req_rate({{counter}}) gt {{10L * perSecond}} }

            """;
    }

    /// <summary>
    /// With strict-sni HAProxy starts without a certificate, and refuses a handshake for a host that has none.
    /// </summary>
    private static string SecureBind =>
        $"  bind :{SecureEdgePort} ssl crt {FetchedFolder}/certificates/ strict-sni alpn h2,http/1.1 ssl-min-ver TLSv1.2\n";

    /// <summary>A year, the least that browsers' preload lists accept. Not for local certificates, which a browser may not know.</summary>
    private const string StrictTransport =
        "  http-after-response set-header Strict-Transport-Security max-age=31536000 if { var(txn.scheme) -m str https }\n";

    private static string SecureRedirect(PublicAddress address)
    {
        if (!address.IsSecure)
            return "";
        var redirect = $"http-request redirect location https://%[var(txn.host)]{address.Port}%[pathq] code";
        return $$"""
              # To https, except an authority's question for the farm's answer to a challenge.
              acl insecure var(txn.scheme) -m str http
              {{redirect}} 301 if insecure reads !challenge
              {{redirect}} 308 if insecure !challenge

            """;
    }

    internal const string Challenges = "/.well-known/acme-challenge/";

    private const string ChallengeRule = "  use_backend acme if challenge\n";

    /// <summary>The answers to an authority's challenges come from the Orchestrator, which is its client.</summary>
    private static string ChallengeBackend =>
        $$"""
            backend acme
              server orchestrator {{Orchestrator.Certificates.HostAndPort}} resolvers docker init-addr none


            """;

    private static string TrustedProxies(EdgeOptions edge) =>
        "# edge.trustedProxies in farm.json\n" + string.Concat(edge.TrustedProxies.Select(range => $"{range}\n"));

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
