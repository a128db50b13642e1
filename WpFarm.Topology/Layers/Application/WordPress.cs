using WpFarm.Contracts.Settings;
using WpFarm.Topology.Layers.Caching;
using WpFarm.Topology.Layers.Database;

namespace WpFarm.Topology.Layers.Application;

/// <summary>What all services with the WordPress image have in common: files, tmpfs mounts, health check.</summary>
internal static class WordPress
{
    public const string UploadsPath = "/srv/uploads";

    /// <summary>Folder of the files that a running container rereads after a change.</summary>
    private const string FarmFolder = "/etc/farm";

    /// <summary>
    /// Folder of the files that PHP reads only at its start. php-fpm is not reloaded for them: during a reload it waits for its longest
    /// request and answers no other.
    /// </summary>
    private const string PhpFolder = "/etc/php/farm";

    /// <summary>User id of Debian's www-data, which nginx runs as.</summary>
    public const int WwwData = 33;

    /// <summary>Where the image has a folder that PHP of a site cannot enter.</summary>
    public const string SecretsFolder = "/run/keys";

    public const string RootReason =
        "php-fpm's master starts each site's PHP as a user of its own: a process of one site cannot read another's";

    public static IReadOnlyList<Capability> Capabilities { get; } =
    [
        new("CHOWN", "gives each site's user the site's secrets and temporary files, and nginx the sockets of php-fpm"),
        new("KILL", "the container's script and php-fpm's master end their parts, which run as other users"),
        new("SETGID", "each site's PHP runs in a group of its own, and nginx as www-data"),
        new("SETUID", "each site's PHP runs as a user of its own, and nginx as www-data"),
    ];

    public static Image Image { get; } = new Image.FirstParty("wordpress");

    public static Reload Reload { get; } = new(FarmFolder, "farm-wordpress", "reload");

    /// <summary>
    /// Where nginx buffers a request body until it is complete, and where PHP writes the uploaded files. It is on a disk, because a few
    /// large uploads exceed a container's memory.
    /// </summary>
    public const string SpoolPath = "/var/spool/farm";

    public static IReadOnlyList<Tmpfs> Tmpfs { get; } = [new("/tmp", ByteSize.MB(128)), new("/run/farm", ByteSize.MB(8))];

    public static IReadOnlyList<Call> Calls { get; } =
    [
        new(DbProxy.Writes, CallKind.Request, "writes"),
        new(DbProxy.Reads, CallKind.Request, "reads"),
        .. Redis.Nodes.Select(node => new Call(Redis.Objects(node), CallKind.Request, "objects")),
        new(Memcached.Results, CallKind.Request, "query results"),
        new(Varnish.Pages, CallKind.Request, "purge"),
        new(Mail.Submission, CallKind.Request, "mail"),
        new(Egress.Proxy, CallKind.Request, "requests"),
    ];

    /// <summary>Health check of a container that answers requests. It checks PHP only: a restart would not repair a database.</summary>
    public static HealthCheck Health { get; } =
        new("curl", "--silent", "--fail", "--max-time", "2", "--output", "/dev/null", $"http://127.0.0.1:{Pool.HttpPort}/healthz");

    /// <summary>Files for every container that runs PHP.</summary>
    public static IReadOnlyList<MountedFile> Files(FarmDesign farm, Backends backends) =>
        [new(FarmPhpSettings.Path, FarmPhp.Write(farm, backends)), new($"{PhpFolder}/php.ini", PhpIni(backends))];

    /// <summary>Further files for a container that answers HTTP requests.</summary>
    /// <param name="guarded">The sites whose requests the firewall inspects.</param>
    public static IReadOnlyList<MountedFile> WebFiles(FarmDesign farm, RequestLimits limits, IReadOnlyList<Site> guarded) =>
        [
            new($"{FarmFolder}/nginx.conf", NginxConf(limits, guarded)),
            new($"{FarmFolder}/sites.map", SitesMap(farm)),
            .. Waf.Files(guarded),
        ];

    /// <param name="workers">The most PHP processes of one site in a container.</param>
    /// <param name="memory">PHP's memory limit for one request.</param>
    public static IReadOnlyList<MountedFile> PhpFpmFiles(int workers, ByteSize memory, RequestLimits limits) =>
        [
            new($"{PhpFolder}/php-fpm.conf", Embedded.Text("Application/php-fpm.conf", ("seconds", $"{limits.Time.TotalSeconds}"))),
            new(
                $"{PhpFolder}/pool.conf",
                Embedded.Text(
                    "Application/pool.conf",
                    ("workers", $"{workers}"),
                    ("memory_limit", $"{memory}"),
                    ("seconds", $"{limits.Time.TotalSeconds}"),
                    ("slow", $"{limits.Time.TotalSeconds / 10:0}"),
                    ("upload", $"{limits.Upload}"),
                    ("body", $"{limits.Body}")
                )
            ),
        ];

    private static string NginxConf(RequestLimits limits, IReadOnlyList<Site> guarded) =>
        Embedded.Text(
            "Application/nginx.conf",
            [
                ("body", $"{limits.Body}"),
                ("spool", SpoolPath),
                ("seconds", $"{limits.Time.TotalSeconds}"),
                ("longest", $"{RequestLimits.Longest.TotalSeconds}"),
                .. Waf.Nginx(guarded),
            ]
        );

    private static string PhpIni(Backends backends) =>
        backends.Redis.Count > 0
            ? PhpIni(
                "rediscluster",
                string.Join(
                    '&',
                    backends.Redis.Select(node => $"seed[]={node}").Append("timeout=0.25&read_timeout=1&persistent=1&failover=error")
                )
            )
            : PhpIni("files", "/tmp");

    private static string PhpIni(string sessionHandler, string sessionPath) =>
        Embedded.Text("Application/php.ini", ("session_handler", sessionHandler), ("session_path", sessionPath), ("spool", SpoolPath));

    /// <summary>nginx's map of host names to site ids.</summary>
    private static string SitesMap(FarmDesign farm) =>
        string.Concat(farm.Sites.SelectMany(site => site.Hosts.Select(host => $"{host} {site.Id};\n")));
}
