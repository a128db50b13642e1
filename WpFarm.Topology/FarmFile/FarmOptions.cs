using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace WpFarm.Topology.FarmFile;

/// <summary>What an operator may say in <c>farm.json</c>. Every key has a default: <c>{}</c> is a farm.</summary>
public sealed record FarmOptions
{
    [Description("Domain under which sites without hosts of their own live. Names under localhost reach this machine without any DNS.")]
    public string Domain { get; init; } = "farm.localhost";

    [Description("What listens to visitors.")]
    public EdgeOptions Edge { get; init; } = new();

    [Description(
        "Classes of sites. A tier has its own pool of WordPress containers; a tier without sites runs none. Tiers named here are added to bronze, silver and gold, or change them."
    )]
    public IReadOnlyDictionary<string, TierOptions> Tiers { get; init; } = TierOptions.Defaults;

    [Description("The WordPress sites, by a short id that never changes: it names the site's database and folders.")]
    public IReadOnlyDictionary<string, SiteOptions> Sites { get; init; } = SiteOptions.Defaults;

    [Description("MariaDB: two primaries that replicate from each other, and read replicas that follow both.")]
    public DatabaseOptions Database { get; init; } = new();

    [Description("Varnish, Redis Cluster and Memcached.")]
    public CachingOptions Caching { get; init; } = new();

    [Description("Uploads and object storage.")]
    public StorageOptions Storage { get; init; } = new();

    [Description("Backups, and whether they can be restored.")]
    public BackupOptions Backups { get; init; } = new();

    [Description("Metrics, logs, traces, alerts.")]
    public ObservabilityOptions Observability { get; init; } = new();

    [Description("Orchestrator and administration.")]
    public ManagementOptions Management { get; init; } = new();

    [Description("Running on several machines, as a Docker swarm. One box needs none of it.")]
    public SwarmOptions Swarm { get; init; } = new();

    [Description(
        "Registry that first-party images are pushed to and pulled from, for example registry.example.com/wpfarm. Not needed on one box."
    )]
    public string? Registry { get; init; }
}

public sealed record EdgeOptions
{
    [Description("Port on the host for HTTP."), Range(1, 65535)]
    public int HttpPort { get; init; } = 8080;

    [Description("Port on the host for HTTPS; used when tls is not off."), Range(1, 65535)]
    public int HttpsPort { get; init; } = 8443;

    [Description("off: plain HTTP. letsencrypt: certificates from Let's Encrypt, by Traefik.")]
    public TlsMode Tls { get; init; } = TlsMode.Off;

    [Description("Address that Let's Encrypt writes to. Needed with tls letsencrypt.")]
    public string? Email { get; init; }

    [
        Description(
            "Requests per second one client address may make that the cache cannot answer; beyond it gets 429. 0: no limit, as for load tests. Ten times as many from the cache, where Traefik is the edge. Logins have a limit of their own."
        ),
        Range(0, 100000)
    ]
    public int RequestsPerSecond { get; init; } = 100;

    [Description("How many edge nodes the load asks for: said, not done. docs/autoscaling.md.")]
    public EdgeScalingOptions Scaling { get; init; } = new();
}

[JsonConverter(typeof(JsonStringEnumConverter<TlsMode>))]
public enum TlsMode
{
    [JsonStringEnumMemberName("off")]
    Off,

    [JsonStringEnumMemberName("letsencrypt")]
    LetsEncrypt,
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

    [Description("How many containers the pool has.")]
    public ReplicaOptions Replicas { get; init; } = new();

    [Description("Memory limit of one PHP request.")]
    public ByteSize PhpMemory { get; init; } = ByteSize.MB(128);

    [
        Description("Seconds after which PHP ends a request. A request that takes longer than a tenth of it goes to the slow log."),
        Range(10, 290)
    ]
    public int RequestSeconds { get; init; } = 120;

    [Description("The largest upload. The edge rejects a larger one (413)."), MinimumSize("2M")]
    public ByteSize Upload { get; init; } = ByteSize.MB(64);

    [Description("PHP requests one container serves at the same time."), Range(2, 256)]
    public int Workers { get; init; } = 4;

    [Description("Memory limit of one container."), MinimumSize("192M")]
    public ByteSize Memory { get; init; } = ByteSize.MB(384);

    [Description("CPU cores one container may use."), Range(0.1, 64.0)]
    public double Cpus { get; init; } = 1;

    [Description("How the number of containers follows the load. docs/autoscaling.md says what the defaults do.")]
    public ScalingOptions Scaling { get; init; } = new();
}

public sealed record ReplicaOptions
{
    [Description("Containers at the start, and never fewer."), Range(1, 100)]
    public int Min { get; init; } = 2;

    [Description("Containers that autoscaling may go up to."), Range(1, 100)]
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

    [Description("The tier whose pool serves it.")]
    public string Tier { get; init; } = "bronze";

    [Description("Title at the first install. Default: the id.")]
    public string? Title { get; init; }

    [Description("Host names, the canonical one first. Default: ID.DOMAIN.")]
    public IReadOnlyList<string> Hosts { get; init; } = [];

    internal IReadOnlyList<string> HostsOf(string id, string domain) => Hosts.Count > 0 ? Hosts : [$"{id}.{domain}"];
}

public sealed record DatabaseOptions
{
    [
        Description(
            "Memory limit of each MariaDB server; half of it is the InnoDB buffer pool, less where that would leave less than 320M for the rest and for backups."
        ),
        MinimumSize("256M")
    ]
    public ByteSize Memory { get; init; } = ByteSize.MB(512);

    [Description("CPU cores each MariaDB server may use."), Range(0.1, 64.0)]
    public double Cpus { get; init; } = 2;

    [Description("Connections each MariaDB server accepts."), Range(20, 10000)]
    public int MaxConnections { get; init; } = 200;

    [Description("Read replicas that follow both primaries."), Range(0, 8)]
    public int ReadReplicas { get; init; } = 2;

    [Description("How many read replicas the load asks for: said, not done. docs/autoscaling.md.")]
    public ReplicaScalingOptions Scaling { get; init; } = new();

    [Description(
        "What leads sessions to the servers. haproxy: first-party image. proxysql: also pools and shares connections; its image is pulled, and where it cannot be had HAProxy stays in front."
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

    [Description("Keep results of costly database queries in Memcached, until a table that they came from is written to.")]
    public bool QueryCache { get; init; } = true;

    [Description("Seconds an anonymous page may be served from the cache. A published change is purged at once."), Range(1, 86400)]
    public int PageTtl { get; init; } = 600;

    [Description("Hours a page may be served past its time while its pool or the database is down."), Range(0, 168)]
    public int GraceHours { get; init; } = 24;

    [Description(
        "Further cookies that bypass the page cache. Cookies that the site itself sets bypass it already. A * at the end of a name matches anything: currency_*."
    )]
    public IReadOnlyList<string> OwnCookies { get; init; } = [];

    [Description(
        "Further query parameters that do not change a page, such as those of campaigns. The cache ignores them. A * at the end of a name matches anything."
    )]
    public IReadOnlyList<string> IgnoredParameters { get; init; } = [];
}

public sealed record StorageOptions
{
    [Description(
        "Where uploads live. volume: a Docker volume of this host. nfs: an NFS export. path: a directory that is the same on every node, for example a mounted GlusterFS volume. On several nodes it must be nfs or path."
    )]
    public UploadsKind Uploads { get; init; } = UploadsKind.Volume;

    [Description("The directory with uploads path, for example /mnt/uploads.")]
    public string? UploadsPath { get; init; }

    [Description("Server and path of the NFS export, for example 10.0.0.5:/export/uploads. Needed with uploads nfs.")]
    public string? NfsExport { get; init; }

    [Description(
        "The S3 object storage for backups. swift: OpenStack Swift, first-party image. minio: MinIO's last published image. none: an S3 elsewhere."
    )]
    public ObjectStorageKind ObjectStorage { get; init; } = ObjectStorageKind.Swift;

    /// <summary>Empty: a plain directory of the node. Docker's <c>local</c> driver passes them to mount(2).</summary>
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
    [Description("false: no metrics, logs, traces or alerts are collected.")]
    public bool Enabled { get; init; } = true;

    [Description("Days that metrics are kept."), Range(1, 3650)]
    public int RetentionDays { get; init; } = 15;

    [Description("Port of Grafana on the loopback address."), Range(1, 65535)]
    public int GrafanaPort { get; init; } = 3000;

    [Description("Port of Prometheus on the loopback address."), Range(1, 65535)]
    public int PrometheusPort { get; init; } = 9090;
}

public sealed record ManagementOptions
{
    [Description("Port of the Orchestrator's API on the loopback address."), Range(1, 65535)]
    public int OrchestratorPort { get; init; } = 8090;

    [Description("Port of Portainer on the loopback address."), Range(1, 65535)]
    public int PortainerPort { get; init; } = 9000;
}

public sealed record SwarmOptions
{
    /// <summary>From this many nodes on, the loss of any one of them may take no part of the farm.</summary>
    internal const int NodesForAvailability = 3;

    [
        Description(
            "How many nodes the swarm has. From 3 on the farm survives the loss of any one: what faces visitors runs on several nodes, and what would be on one alone is refused."
        ),
        Range(1, 100)
    ]
    public int Nodes { get; init; } = 1;

    [Description(
        "Encrypt what services say to each other between nodes (IPsec; a node whose kernel lacks ESP loses those packets without a word). false: where the nodes are joined by a private network that is encrypted already."
    )]
    public bool EncryptNetworks { get; init; } = true;

    [Description("Memory of each node, if pools shall be refused that do not fit: replicas.max of a tier is checked against it.")]
    public ByteSize? NodeMemory { get; init; }

    internal bool IsAvailable => Nodes >= NodesForAvailability;
}

/// <summary>The smallest size a key takes.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MinimumSizeAttribute(string size) : Attribute
{
    public ByteSize Size { get; } =
        ByteSize.TryParse(size, out var parsed) ? parsed : throw new ArgumentException($"'{size}' is no size.", nameof(size));
}
