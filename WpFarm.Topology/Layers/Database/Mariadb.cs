using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Observability;

namespace WpFarm.Topology.Layers.Database;

/// <summary>
/// The database servers: two primaries that replicate each other, and read replicas of both. Each starts read-only and without
/// replication; the Orchestrator sets up replication and makes one primary the writer.
/// </summary>
internal static class Mariadb
{
    /// <summary>HTTP port of the role check, which answers what the server may be used for now (/writer, /reader, /healthz).</summary>
    public const int RoleCheckPort = 9200;

    /// <summary>HTTP port of the agent, which takes orders about the server's process and files from the Orchestrator only.</summary>
    public const int AgentPort = 9201;

    /// <summary>Connections of each server that the proxy leaves to the Orchestrator, replication, metrics and backups.</summary>
    public const int ReservedConnections = 10;

    private const int Uid = 3306;

    public static ServiceEndpoint RoleCheck(string server) => ServiceEndpoint.Http(server, RoleCheckPort);

    public static ServiceEndpoint Agent(string server) => ServiceEndpoint.Http(server, AgentPort);

    public static IEnumerable<Service> Services(FarmDesign farm) =>
        [
            .. DatabaseServers.Primaries.Select((name, index) => Member(farm, name, id: index + 1, $"Primary {index + 1}")),
            .. DatabaseServers.Replicas(farm).Select((name, index) => Member(farm, name, id: index + 11, $"Read replica {index + 1}")),
        ];

    /// <summary>Secrets of every server with this image, for the users that the image itself creates.</summary>
    public static IReadOnlyList<string> Secrets { get; } = [Secret.Replication, Secret.Orchestrator, Secret.SitesAdmin, Secret.Monitor];

    /// <summary>
    /// The least memory, in MB, outside the buffer pool: the server's other memory (120 with a full pool and few connections), its agents
    /// (30), and the programs that copy the data (mariadb-backup, zstd, the digests of its tables). With 256 MB the kernel killed a replica
    /// in the middle of a backup of 1 GB.
    /// </summary>
    private const int LeastBesidePool = 320;

    /// <summary>Half of the memory, or less to leave <see cref="LeastBesidePool"/> outside it, but at least a quarter.</summary>
    internal static ByteSize BufferPool(ByteSize memory) =>
        ByteSize.MB(Math.Max(memory.Megabytes / 4, Math.Min(memory.Megabytes / 2, memory.Megabytes - LeastBesidePool)));

    /// <summary>The memory that results in a <see cref="BufferPool"/> of this size.</summary>
    internal static ByteSize MemoryFor(ByteSize bufferPool) =>
        ByteSize.MB(bufferPool.Megabytes + Math.Max(bufferPool.Megabytes, LeastBesidePool));

    /// <summary>A primary or a read replica.</summary>
    private static Service Member(FarmDesign farm, string name, int id, string description)
    {
        var options = farm.Options.Database;
        return Server(options, name, Configuration(options, name, id, BufferPool(options.Memory)), description) with
        {
            ServesVisitors = true,
            Calls =
            [
                .. DatabaseServers
                    .Primaries.Where(primary => primary != name)
                    .Select(primary => new Call(DatabaseServers.Sql(primary), CallKind.Data, "replication")),
            ],
            Scrapes = [new(DatabaseServers.Job, DatabaseServers.Sql(name)) { Path = "/probe", Through = Exporters.MariaDbProbe }],
            Placement = new() { Role = NodeRole.Db, AntiAffinity = "mariadb" },
        };
    }

    /// <summary>A server with this image, in replication or not.</summary>
    internal static Service Server(DatabaseOptions options, string name, string configuration, string description) =>
        new()
        {
            Name = name,
            Layer = Layer.Database,
            Description = description,
            Image = new Image.FirstParty("mariadb"),
            Kind = ServiceKind.Stateful,
            // Each of glibc's arenas keeps what its threads have freed: with the default of up to eight per core, 30 MB more.
            Environment = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["MALLOC_ARENA_MAX"] = "2" },
            Files = [new("/etc/farm/my.cnf", configuration)],
            Secrets = Secrets,
            Networks = [Network.Database],
            Mounts = [new(name, "/var/lib/mysql")],
            Tmpfs = [new("/run/mysqld", ByteSize.MB(4)) { Uid = Uid, Gid = Uid }, new("/tmp", ByteSize.MB(16)) { Uid = Uid, Gid = Uid }],
            // The kernel gives a vanished peer up after 3 s (200 ms, doubled 3 times) instead of 15 min. Until then a thread that sends to
            // it keeps its slot, and a peer that comes back receives nothing before that thread has ended.
            Sysctls = new Dictionary<string, string> { ["net.ipv4.tcp_retries2"] = "3" },
            Health = new HealthCheck("role-check", "/healthz")
            {
                // Crash recovery reads the whole redo log.
                StartPeriod = TimeSpan.FromMinutes(2),
            },
            // One thread per connection, plus the server's own.
            Limits = new(options.Cpus, options.Memory) { Pids = options.MaxConnections + 100 },
            // The server writes its dirty pages, and sessions that wait for an acknowledgement delay the stop by up to 15 s.
            StopGrace = TimeSpan.FromSeconds(60),
        };

    /// <param name="id">Server id, and the GTID domain in which the server writes. Must never change.</param>
    internal static string Configuration(DatabaseOptions options, string name, int id, ByteSize bufferPool) =>
        Embedded.Text(
            "Database/my.cnf",
            ("name", name),
            ("server-id", $"{id}"),
            ("memory", options.Memory.ToString()),
            ("max-connections", $"{options.MaxConnections}"),
            ("counted-threads", $"{options.MaxConnections + 50}"),
            ("buffer-pool", $"{bufferPool.Megabytes}M"),
            ("redo-log", $"{options.Memory.Megabytes / 8}M")
        );
}
