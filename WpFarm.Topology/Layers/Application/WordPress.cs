using WpFarm.Topology.Layers.Caching;
using WpFarm.Topology.Layers.Database;

namespace WpFarm.Topology.Layers.Application;

/// <summary>What every container of the WordPress image has, whatever it does.</summary>
internal static class WordPress
{
    public const string UploadsPath = "/srv/uploads";

    /// <summary>Debian's www-data.</summary>
    private const int WwwData = 33;

    public static Image Image { get; } = new Image.FirstParty("wordpress");

    public static IReadOnlyList<Tmpfs> Tmpfs { get; } =
    [
        new("/tmp", ByteSize.MB(128)) { Uid = WwwData, Gid = WwwData },
        new("/run/farm", ByteSize.MB(8)) { Uid = WwwData, Gid = WwwData },
    ];

    public static IReadOnlyList<Call> Calls { get; } =
    [
        new(DbProxy.Writer, DbProxy.WriterPort, "writes"),
        new(DbProxy.Reader, DbProxy.ReaderPort, "reads"),
        .. Redis.Nodes.Select(node => new Call(node, Redis.Port, "objects")),
        new(Memcached.Name, Memcached.Port, "query results"),
        new(Varnish.Name, Varnish.Port, "purge"),
    ];

    public static IReadOnlyList<MountedFile> Files(FarmDesign farm) =>
    [
        new("/etc/nginx/nginx.conf", Embedded.Text("Application/nginx.conf")),
        new("/etc/farm/php.ini", Embedded.Text("Application/php.ini", ("redis_seeds", RedisSeeds))),
        new("/etc/farm/farm.php", FarmPhp.Write(farm)),
        new("/etc/farm/sites.map", SitesMap(farm)),
    ];

    /// <summary>phpredis: <c>seed[]=redis-1:6379&amp;seed[]=…</c>.</summary>
    private static string RedisSeeds => string.Join('&', Redis.Nodes.Select(node => $"seed[]={node}:{Redis.Port}"));

    /// <summary>nginx's map of host names to site ids.</summary>
    private static string SitesMap(FarmDesign farm) =>
        string.Concat(farm.Sites.SelectMany(site => site.Hosts.Select(host => $"{host} {site.Id};\n")));
}
