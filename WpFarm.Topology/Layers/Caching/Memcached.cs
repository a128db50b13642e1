namespace WpFarm.Topology.Layers.Caching;

/// <summary>Caches results of database queries for a short time.</summary>
internal static class Memcached
{
    public const string Name = "memcached";
    public const int Port = 11211;

    public static ServiceEndpoint Results => ServiceEndpoint.Tcp(Name, Port);

    public static Service Service(FarmDesign farm) =>
        new()
        {
            Name = Name,
            Layer = Layer.Caching,
            Description = "Query results",
            Image = new Image.FirstParty("memcached"),
            // An update must stop the old one first: with two, one would keep results that only the other was told to remove.
            Kind = ServiceKind.Stateful,
            ServesVisitors = true,
            Command =
            [
                "--listen=0.0.0.0",
                $"--port={Port}",
                $"--memory-limit={farm.Options.Caching.Memcached.Megabytes}",
                "--conn-limit=1024",
                "--threads=2",
            ],
            Networks = [Network.Caching],
            Health = new HealthCheck(
                "bash",
                "-c",
                $@"exec 3<>/dev/tcp/127.0.0.1/{Port} && printf 'version\r\n' >&3 && head -n 1 <&3 | grep -q ^VERSION"
            ),
            Limits = new(Cpus: 1, new(farm.Options.Caching.Memcached.Bytes + ByteSize.MB(32).Bytes)),
            Placement = new() { Role = NodeRole.Cache },
        };
}
