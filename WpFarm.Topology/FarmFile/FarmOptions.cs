using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using WpFarm.Topology.Layers.Application;

namespace WpFarm.Topology.FarmFile;

/// <summary>The keys of <c>farm.json</c>. Every key has a default: <c>{}</c> is a farm.</summary>
public sealed record FarmOptions
{
    [Description(
        "Domain of sites that have no hosts of their own, in Unicode or ASCII. "
            + "Browsers resolve names under localhost to this machine without DNS."
    )]
    public string Domain { get; init; } = "farm.localhost";

    [Description("The public entry: ports, TLS, rate limit.")]
    public EdgeOptions Edge { get; init; } = new();

    [Description(
        "Classes of sites. Each tier with sites has its own pool of WordPress containers. "
            + "Tiers named here are added to bronze, silver and gold, or change them."
    )]
    public IReadOnlyDictionary<string, TierOptions> Tiers { get; init; } = TierOptions.Defaults;

    [Description("The WordPress sites, by a short id. Never change an id: it names the site's database and folders.")]
    public IReadOnlyDictionary<string, SiteOptions> Sites { get; init; } = SiteOptions.Defaults;

    [Description("MariaDB: two primaries that replicate from each other, and read replicas that follow both.")]
    public DatabaseOptions Database { get; init; } = new();

    [Description("Varnish, Redis Cluster and Memcached.")]
    public CachingOptions Caching { get; init; } = new();

    [Description("What the sites may ask of the internet.")]
    public EgressOptions Egress { get; init; } = new();

    [Description("How the sites' mail leaves the farm.")]
    public MailOptions Mail { get; init; } = new();

    [Description("Uploads and object storage.")]
    public StorageOptions Storage { get; init; } = new();

    [Description("Backups and test restorations.")]
    public BackupOptions Backups { get; init; } = new();

    [Description("Metrics, logs, traces, alerts.")]
    public ObservabilityOptions Observability { get; init; } = new();

    [Description("Orchestrator and administration.")]
    public ManagementOptions Management { get; init; } = new();

    [Description("A Docker swarm of several machines. Not needed on one machine.")]
    public SwarmOptions Swarm { get; init; } = new();

    [Description("Registry for first-party images, for example registry.example.com/wpfarm. Not needed on one machine.")]
    public string? Registry { get; init; }

    /// <summary>
    /// From the databases of countries and autonomous systems. Not a key: the file names them, and <see cref="FarmFileReader"/> reads them.
    /// The Orchestrator, which renders no edge, has none.
    /// </summary>
    internal VisitorNetworks VisitorNetworks { get; init; } = new();

    /// <summary>When each database of countries and autonomous systems was built, by its key.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> DatabasesBuilt() => VisitorNetworks.Built;

    /// <summary>True: a site has a host name that the whole internet can have.</summary>
    public bool HasPublicHosts() => Sites.Any(site => site.Value.HostsOf(site.Key, Domain).Any(host => !EdgeRules.IsPrivate(host)));
}

public sealed record EdgeOptions
{
    [Description("Port on the host for HTTP."), Range(1, 65535)]
    public int HttpPort { get; init; } = 8080;

    [Description("Port on the host for HTTPS; used when the farm has certificates: tls local, files or letsencrypt."), Range(1, 65535)]
    public int HttpsPort { get; init; } = 8443;

    [Description(
        "off: plain HTTP. local: certificates of the farm's own authority, which ./farm trust makes browsers accept. "
            + "files: certificates that ./farm certificates add brings. "
            + "letsencrypt: certificates from Let's Encrypt or from acme.directory. "
            + "proxy: a proxy in front of the farm ends TLS. See docs/https.md."
    )]
    public TlsMode Tls { get; init; } = TlsMode.Off;

    [Description("Mail address of the account at the authority. Needed with tls letsencrypt.")]
    public string? Email { get; init; }

    [Description("The authority that tls letsencrypt asks for certificates.")]
    public AcmeOptions Acme { get; init; } = new();

    [Description(
        "Addresses or CIDR ranges of proxies in front of the farm. The visitor's address and scheme are what they say "
            + "(X-Forwarded-For, X-Forwarded-Proto); nobody else is believed. Cloudflare's are known already."
    )]
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    [
        Description(
            "Rate limit per client address, in requests per second that the cache cannot answer; further requests get 429. "
                + "0: no limit, as for load tests. Where Traefik is the edge, the limit for cached responses is ten times as high. "
                + "Logins have a limit of their own."
        ),
        Range(0, 100000)
    ]
    public int RequestsPerSecond { get; init; } = 100;

    [
        Description(
            "Limit per client address for WordPress's REST API, in requests per second that the cache cannot answer. "
                + "0: no limit of its own."
        ),
        Range(0, 100000)
    ]
    public int RestRequestsPerSecond { get; init; } = 30;

    [
        Description(
            "Limit per client address for searches, in searches per second that the cache cannot answer. 0: no limit of its own. "
                + "A search reads every post."
        ),
        Range(0, 100000)
    ]
    public int SearchesPerSecond { get; init; } = 3;

    [Description(
        "Who may visit the farm's sites: addresses, CIDR ranges, countries (country:DE), autonomous systems (AS64496). Empty: all. "
            + "A site's own list narrows it further."
    )]
    public IReadOnlyList<string> Allow { get; init; } = [];

    [Description(
        "Who may visit no site: addresses, CIDR ranges, countries (country:DE), autonomous systems (AS64496). "
            + "./farm security ban refuses one for some time."
    )]
    public IReadOnlyList<string> Deny { get; init; } = [];

    [Description(
        "Your database of countries, a MaxMind DB file (.mmdb) such as GeoLite2-Country or DB-IP's, relative to farm.json. "
            + "Needed when a list names a country."
    )]
    public string? CountryDatabase { get; init; }

    [Description(
        "Your database of autonomous systems, a MaxMind DB file (.mmdb) such as GeoLite2-ASN, relative to farm.json. "
            + "Needed when a list names an autonomous system."
    )]
    public string? AsnDatabase { get; init; }

    [Description("Recommends a number of edge nodes. Never changes it. See docs/autoscaling.md.")]
    public EdgeScalingOptions Scaling { get; init; } = new();
}

[JsonConverter(typeof(JsonStringEnumConverter<TlsMode>))]
public enum TlsMode
{
    [JsonStringEnumMemberName("off")]
    Off,

    [JsonStringEnumMemberName("local")]
    Local,

    [JsonStringEnumMemberName("files")]
    Files,

    [JsonStringEnumMemberName("letsencrypt")]
    LetsEncrypt,

    [JsonStringEnumMemberName("proxy")]
    Proxy,
}

/// <summary>An authority that issues certificates by the ACME protocol (RFC 8555).</summary>
public sealed record AcmeOptions
{
    public const string LetsEncrypt = "https://acme-v02.api.letsencrypt.org/directory";

    [Description("Address of the authority's ACME directory. https://acme-staging-v02.api.letsencrypt.org/directory is for trials.")]
    public string Directory { get; init; } = LetsEncrypt;

    [Description("Certificates, in PEM, by which the directory's own certificate is verified. Needed for a private authority only.")]
    public string? Roots { get; init; }
}

public sealed record TierOptions
{
    public static IReadOnlyDictionary<string, TierOptions> Defaults { get; } =
        new SortedDictionary<string, TierOptions>(StringComparer.Ordinal)
        {
            ["bronze"] = new(),
            ["silver"] = new()
            {
                Memory = ByteSize.MB(512),
                Workers = 8,
                Cpus = 2,
            },
            ["gold"] = new()
            {
                Memory = ByteSize.GB(1),
                Workers = 16,
                Cpus = 2,
                PhpMemory = ByteSize.MB(256),
            },
        };

    [Description("Minimum and maximum number of containers of the pool.")]
    public ReplicaOptions Replicas { get; init; } = new();

    [Description(
        "Domains, with what is below them, to which the tier's sites may send requests. Without the key, to the whole internet; "
            + "empty, to nothing."
    )]
    public IReadOnlyList<string>? Egress { get; init; }

    [Description("PHP's memory limit for one request.")]
    public ByteSize PhpMemory { get; init; } = ByteSize.MB(128);

    [
        Description("Seconds after which PHP aborts a request. A request that takes longer than a tenth of it is written to the slow log."),
        Range(10, 290)
    ]
    public int RequestSeconds { get; init; } = 120;

    [Description("The largest upload. The edge rejects a larger one (413)."), MinimumSize("2M")]
    public ByteSize Upload { get; init; } = ByteSize.MB(64);

    [
        Description(
            "Requests that PHP of one container works on at a time. One site has at most so many PHP processes in it. "
                + "The load balancer sends a container four requests more, for files."
        ),
        Range(2, 256)
    ]
    public int Workers { get; init; } = 4;

    [Description("Memory limit of one container."), MinimumSize("192M")]
    public ByteSize Memory { get; init; } = ByteSize.MB(384);

    [Description("CPU limit of one container, in cores."), Range(0.1, 64.0)]
    public double Cpus { get; init; } = 1;

    [Description(
        "The firewall in front of PHP (OWASP Core Rule Set). block: refuses a request that looks like an attack. "
            + "detect: only logs it. off: does not look. See docs/concepts/defences.md."
    )]
    public WafMode Waf { get; init; } = WafMode.Block;

    [Description("Autoscaling of the pool. See docs/autoscaling.md.")]
    public ScalingOptions Scaling { get; init; } = new();
}

/// <summary>What the firewall in front of PHP does with a request that looks like an attack.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WafMode>))]
public enum WafMode
{
    /// <summary>Lets it through without a look.</summary>
    [JsonStringEnumMemberName("off")]
    Off,

    /// <summary>Logs it, and lets it through.</summary>
    [JsonStringEnumMemberName("detect")]
    Detect,

    /// <summary>Logs it, and answers 403.</summary>
    [JsonStringEnumMemberName("block")]
    Block,
}

public sealed record ReplicaOptions
{
    [Description("Minimum number of containers, and the number at the start."), Range(1, 100)]
    public int Min { get; init; } = 2;

    [Description("Maximum number of containers for autoscaling."), Range(1, 100)]
    public int Max { get; init; } = 6;
}

public sealed record SiteOptions
{
    public static IReadOnlyDictionary<string, SiteOptions> Defaults { get; } =
        new SortedDictionary<string, SiteOptions>(StringComparer.Ordinal)
        {
            ["blog"] = new() { Tier = "bronze", Title = "The Blog" },
            ["shop"] = new() { Tier = "silver", Title = "The Shop" },
        };

    [Description("The tier whose pool serves the site.")]
    public string Tier { get; init; } = "bronze";

    [Description("Title at the first installation. Default: the id.")]
    public string? Title { get; init; }

    [Description(
        "Host names of the site, in Unicode (müller.de) or ASCII. The first one answers, the others redirect to it. Default: ID.DOMAIN."
    )]
    public IReadOnlyList<string> Hosts { get; init; } = [];

    [Description("Mail address of the site's owner: of the first administrator, at the first installation. Default: admin@DOMAIN.")]
    public string? Owner { get; init; }

    [Description("Language and country at the first installation, for example de_DE: one that Debian's wordpress-l10n has.")]
    public string Locale { get; init; } = Locales.Default;

    [Description("The firewall in front of PHP: block, detect or off. Default: the tier's.")]
    public WafMode? Waf { get; init; }

    [Description(
        "Numbers of rules that the firewall leaves out for this site, because a plugin's own requests match them. "
            + "./farm security refusals shows them. Example: [\"942100\"]."
    )]
    public IReadOnlyList<string> WafExcept { get; init; } = [];

    [Description("Who may visit the site: addresses, CIDR ranges, countries (country:DE), autonomous systems (AS64496). Empty: all.")]
    public IReadOnlyList<string> Allow { get; init; } = [];

    [Description("Who may not visit the site: addresses, CIDR ranges, countries (country:DE), autonomous systems (AS64496).")]
    public IReadOnlyList<string> Deny { get; init; } = [];

    [Description("The site's mail.")]
    public SiteMailOptions Mail { get; init; } = new();

    internal IReadOnlyList<string> HostsOf(string id, string domain) => Hosts.Count > 0 ? Hosts : [$"{id}.{domain}"];
}

public sealed record DatabaseOptions
{
    [
        Description(
            "Memory limit of each MariaDB server. Half of it is the InnoDB buffer pool, "
                + "or less, so that at least 320M remain for everything else and for backups."
        ),
        MinimumSize("256M")
    ]
    public ByteSize Memory { get; init; } = ByteSize.MB(512);

    [Description("CPU limit of each MariaDB server, in cores."), Range(0.1, 64.0)]
    public double Cpus { get; init; } = 2;

    [Description("Maximum number of connections of each MariaDB server."), Range(20, 10000)]
    public int MaxConnections { get; init; } = 200;

    [Description("Number of read replicas."), Range(0, 8)]
    public int ReadReplicas { get; init; } = 2;

    [Description("Recommends a number of read replicas. Never changes it. See docs/autoscaling.md.")]
    public ReplicaScalingOptions Scaling { get; init; } = new();

    [Description(
        "The proxy between WordPress and the servers. haproxy: first-party image. "
            + "proxysql: also pools connections; if its image cannot be pulled, HAProxy is used."
    )]
    public DatabaseProxy Proxy { get; init; } = DatabaseProxy.HaProxy;
}

[JsonConverter(typeof(JsonStringEnumConverter<DatabaseProxy>))]
public enum DatabaseProxy
{
    [JsonStringEnumMemberName("haproxy")]
    HaProxy,

    [JsonStringEnumMemberName("proxysql")]
    ProxySql,
}

public sealed record CachingOptions
{
    [Description("Memory for Varnish's objects."), MinimumSize("32M")]
    public ByteSize Varnish { get; init; } = ByteSize.MB(256);

    [Description("Memory for the data of each Redis node; there are three masters and three replicas."), MinimumSize("16M")]
    public ByteSize Redis { get; init; } = ByteSize.MB(64);

    [Description("Memory for Memcached's items."), MinimumSize("16M")]
    public ByteSize Memcached { get; init; } = ByteSize.MB(64);

    [Description("Cache the results of costly database queries in Memcached until one of their tables is written to.")]
    public bool QueryCache { get; init; } = true;

    [Description("Seconds for which the cache serves a page to anonymous visitors. A published change is purged at once."), Range(1, 86400)]
    public int PageTtl { get; init; } = 600;

    [Description("Hours for which the cache serves an expired page while its pool or the database is down."), Range(0, 168)]
    public int GraceHours { get; init; } = 24;

    [Description(
        "Further cookies that bypass the page cache. Cookies that the site itself sets bypass it already. "
            + "A * at the end of a name matches anything: currency_*."
    )]
    public IReadOnlyList<string> OwnCookies { get; init; } = [];

    [Description(
        "Further query parameters that do not change a page, such as those of campaigns. The cache ignores them. "
            + "A * at the end of a name matches anything."
    )]
    public IReadOnlyList<string> IgnoredParameters { get; init; } = [];
}

public sealed record StorageOptions
{
    [Description(
        "Where uploads are stored. volume: a Docker volume of this host. nfs: an NFS export. "
            + "path: a directory that is the same on every node, for example a mounted GlusterFS volume. "
            + "A swarm of several nodes needs nfs or path."
    )]
    public UploadsKind Uploads { get; init; } = UploadsKind.Volume;

    [Description("The directory, for example /mnt/uploads. Needed with uploads path.")]
    public string? UploadsPath { get; init; }

    [Description("Server and path of the NFS export, for example 10.0.0.5:/export/uploads. Needed with uploads nfs.")]
    public string? NfsExport { get; init; }

    [Description(
        "The S3 object storage for backups. swift: OpenStack Swift, first-party image. minio: MinIO's last published image. "
            + "none: no object storage in the farm; backups need an external one (backups.store)."
    )]
    public ObjectStorageKind ObjectStorage { get; init; } = ObjectStorageKind.Swift;

    /// <summary>Options that Docker's <c>local</c> driver passes to mount(2). Empty: a plain directory of the node.</summary>
    internal IReadOnlyDictionary<string, string> UploadsDriverOptions() =>
        this switch
        {
            { Uploads: UploadsKind.Nfs } when NfsExport?.Split(':', 2) is [var server, var path] => MountOptions(
                "nfs",
                $":{path}",
                $"addr={server},nfsvers=4.1,rw,hard,noatime"
            ),
            { Uploads: UploadsKind.Path, UploadsPath: { } path } => MountOptions("none", path, "bind"),
            _ => new Dictionary<string, string>(),
        };

    private static SortedDictionary<string, string> MountOptions(string type, string device, string options) =>
        new(StringComparer.Ordinal)
        {
            ["type"] = type,
            ["device"] = device,
            ["o"] = options,
        };
}

[JsonConverter(typeof(JsonStringEnumConverter<UploadsKind>))]
public enum UploadsKind
{
    [JsonStringEnumMemberName("volume")]
    Volume,

    [JsonStringEnumMemberName("nfs")]
    Nfs,

    [JsonStringEnumMemberName("path")]
    Path,
}

[JsonConverter(typeof(JsonStringEnumConverter<ObjectStorageKind>))]
public enum ObjectStorageKind
{
    [JsonStringEnumMemberName("swift")]
    Swift,

    [JsonStringEnumMemberName("minio")]
    Minio,

    [JsonStringEnumMemberName("none")]
    None,
}

public sealed record ObservabilityOptions
{
    [Description("Collect metrics, logs and traces, and raise alerts.")]
    public bool Enabled { get; init; } = true;

    [Description(
        "Run cAdvisor, which measures CPU and memory of every container. It has the engine's socket and reads all files of the host: "
            + "whoever breaks into it is root there. false: there are the metrics of the host and of the programs."
    )]
    public bool Cadvisor { get; init; }

    [Description("Days for which metrics are kept."), Range(1, 3650)]
    public int RetentionDays { get; init; } = 15;

    [Description("Port of Grafana on the loopback address."), Range(1, 65535)]
    public int GrafanaPort { get; init; } = 3000;

    [Description("Port of Prometheus on the loopback address."), Range(1, 65535)]
    public int PrometheusPort { get; init; } = 9090;

    [Description("Who is told of alerts, and how.")]
    public AlertOptions Alerts { get; init; } = new();
}

public sealed record ManagementOptions
{
    [Description("Port of the Orchestrator's API on the loopback address."), Range(1, 65535)]
    public int OrchestratorPort { get; init; } = 8090;

    [Description(
        "Run Portainer, a web console for the containers. Whoever logs in to it is root on the host, because it has the engine's socket. "
            + "false: it does not run."
    )]
    public bool Portainer { get; init; }

    [Description("Port of Portainer on the loopback address."), Range(1, 65535)]
    public int PortainerPort { get; init; } = 9000;
}

public sealed record SwarmOptions
{
    /// <summary>From this many nodes on, the farm must survive the loss of any one.</summary>
    internal const int NodesForAvailability = 3;

    [
        Description(
            "Number of nodes of the swarm. From 3 on the farm survives the loss of any one node: "
                + "services that visitors need run on several nodes, and options that would put one on a single node are rejected."
        ),
        Range(1, 100)
    ]
    public int Nodes { get; init; } = 1;

    [Description(
        "Encrypt the traffic of services between nodes with IPsec. Every node's kernel must support ESP, or packets are lost silently. "
            + "false: for nodes on a private network that is encrypted already."
    )]
    public bool EncryptNetworks { get; init; } = true;

    [Description("Memory of each node. When set, farm.json is rejected if replicas.max of a tier does not fit.")]
    public ByteSize? NodeMemory { get; init; }

    internal bool IsAvailable => Nodes >= NodesForAvailability;
}

/// <summary>The smallest valid size of a key.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MinimumSizeAttribute(string size) : Attribute
{
    public ByteSize Size { get; } =
        ByteSize.TryParse(size, out var parsed) ? parsed : throw new ArgumentException($"'{size}' is not a size.", nameof(size));
}
