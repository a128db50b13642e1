using WpFarm.Topology.Layers.Observability;

namespace WpFarm.Topology.Layers.Caching;

/// <summary>Redis Cluster for objects, sessions and transients of every site: three masters, each with one replica.</summary>
public static class Redis
{
    public const int Port = 6379;
    public const string JobName = "redis-cluster";

    /// <summary>Prometheus job name.</summary>
    internal const string Job = "redis";

    private const int BusPort = 16379;
    private const int Uid = 6379;

    /// <summary>Spreads the Redis nodes over the nodes of a swarm.</summary>
    internal const string AntiAffinity = "redis";

    /// <summary>The image of the Redis nodes and of the cluster job.</summary>
    public static Image Image { get; } = new Image.FirstParty("redis");

    /// <summary>The names of all Redis nodes. At first, the first half are masters.</summary>
    public static IReadOnlyList<string> Nodes { get; } = [.. Enumerable.Range(1, 6).Select(n => $"redis-{n}")];

    internal static ServiceEndpoint Objects(string node) => new(node, Port, "redis");

    private static ServiceEndpoint Bus(string node) => ServiceEndpoint.Tcp(node, BusPort);

    internal static IEnumerable<Service> Services(FarmDesign farm) => [.. Nodes.Select(name => Node(farm, name)), ClusterJob];

    /// <summary>Creates the cluster at the first start. Repairs it at later ones, when every address may have changed.</summary>
    private static Service ClusterJob { get; } =
        new()
        {
            Name = JobName,
            Layer = Layer.Caching,
            Description = "Forms and repairs the Redis Cluster",
            Image = Image,
            Kind = ServiceKind.Job,
            Command = ["redis-cluster", .. Nodes],
            Secrets = [Secret.Redis],
            Networks = [Network.Caching],
            DependsOn = [.. Nodes.Select(node => new Dependency(node))],
            Calls = [.. Nodes.Select(node => new Call(Objects(node), CallKind.Data, "cluster"))],
            Limits = new(Cpus: 0.5, ByteSize.MB(32)),
            Placement = new() { Role = NodeRole.Cache },
            // A Redis node that is started on another machine has another address. When all have moved, they cannot find each other.
            RepeatAfter = TimeSpan.FromMinutes(1),
        };

    private static Service Node(FarmDesign farm, string name) =>
        new()
        {
            Name = name,
            Layer = Layer.Caching,
            Description = "Objects, sessions, transients",
            Image = Image,
            Kind = ServiceKind.Stateful,
            Command = ["redis-node", name],
            Secrets = [Secret.Redis],
            Files =
            [
                new(
                    "/etc/redis/redis.conf",
                    Embedded.Text("Caching/redis.conf", ("maxmemory", $"{farm.Options.Caching.Redis.Megabytes}mb"))
                ),
            ],
            ServesVisitors = true,
            Networks = [Network.Caching],
            // Holds the node's id and its slots in the cluster, no data.
            Mounts = [new(name, "/data")],
            // Checks only that the node answers. The cluster job repairs the cluster's state, and it waits for this check.
            Health = new HealthCheck("farm-redis", "ping"),
            Calls = [.. Nodes.Where(node => node != name).Select(node => new Call(Bus(node), CallKind.Data, "cluster"))],
            Scrapes =
            [
                new(Job, Objects(name))
                {
                    Path = "/scrape",
                    Through = Exporters.RedisProbe,
                    NamesScheme = true,
                },
            ],
            Limits = new(Cpus: 1, Memory(farm.Options.Caching.Redis)),
            Placement = new() { Role = NodeRole.Cache, AntiAffinity = AntiAffinity },
        };

    /// <summary>
    /// The data; half of it again for what malloc wastes and for a copy on its way to the replica; 48 MB for the server and its clients.
    /// </summary>
    private static ByteSize Memory(ByteSize data) => new(data.Bytes + (data.Bytes / 2) + ByteSize.MB(48).Bytes);
}
