using WpFarm.Topology.Layers.Observability;

namespace WpFarm.Topology.Layers.Caching;

/// <summary>Redis Cluster: objects, sessions and transients of every site. Three masters with a replica each.</summary>
public static class Redis
{
    public const int Port = 6379;
    public const string JobName = "redis-cluster";

    /// <summary>Job of Prometheus.</summary>
    internal const string Job = "redis";

    private const int BusPort = 16379;
    private const int Uid = 6379;

    /// <summary>The nodes are spread over the nodes of a swarm.</summary>
    internal const string AntiAffinity = "redis";

    /// <summary>Of the nodes and of the job.</summary>
    public static Image Image { get; } = new Image.FirstParty("redis");

    /// <summary>The first half are masters at the beginning.</summary>
    public static IReadOnlyList<string> Nodes { get; } = [.. Enumerable.Range(1, 6).Select(n => $"redis-{n}")];

    internal static ServiceEndpoint Objects(string node) => new(node, Port, "redis");

    private static ServiceEndpoint Bus(string node) => ServiceEndpoint.Tcp(node, BusPort);

    internal static IEnumerable<Service> Services(FarmDesign farm) => [.. Nodes.Select(name => Node(farm, name)), ClusterJob];

    /// <summary>Forms the cluster at the first start, and repairs it at later ones, when every address may have changed.</summary>
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
            // Nodes that are started elsewhere have other addresses; when all of them have, they cannot find each other.
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
            // Its id and slots in the cluster; no data.
            Mounts = [new(name, "/data")],
            // Only whether it answers: the cluster's state is the job's to mend, and that waits for this.
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
    /// The data; half of it again for what malloc wastes and a copy on its way to the replica; the server and its clients.
    /// </summary>
    private static ByteSize Memory(ByteSize data) => new(data.Bytes + (data.Bytes / 2) + ByteSize.MB(48).Bytes);
}
