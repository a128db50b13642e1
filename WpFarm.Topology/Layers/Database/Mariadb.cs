using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Observability;

namespace WpFarm.Topology.Layers.Database;

/// <summary>
/// The database servers: two primaries that follow each other and read replicas that follow both. Each starts read-only and
/// following nobody; the Orchestrator sets up replication and makes one primary the writer.
/// </summary>
internal static class Mariadb
{
    /// <summary>HTTP: what the server may be used for at this moment (/writer, /reader, /healthz).</summary>
    public const int RoleCheckPort = 9200;

    /// <summary>HTTP: orders about the server's process and files, which only the Orchestrator can give.</summary>
    public const int AgentPort = 9201;

    /// <summary>Connections of a server that the proxy leaves to the Orchestrator, replication, metrics and backups.</summary>
    public const int ReservedConnections = 10;

    private const int Uid = 3306;

    public static ServiceEndpoint RoleCheck(string server) => ServiceEndpoint.Http(server, RoleCheckPort);

    public static ServiceEndpoint Agent(string server) => ServiceEndpoint.Http(server, AgentPort);

    public static IEnumerable<Service> Services(FarmDesign farm) =>
        [
            .. DatabaseServers.Primaries.Select((name, index) => Member(farm, name, id: index + 1, $"Primary {index + 1}")),
            .. DatabaseServers.Replicas(farm).Select((name, index) => Member(farm, name, id: index + 11, $"Read replica {index + 1}")),
        ];

    /// <summary>What each of the image's servers has, for the users that it makes itself.</summary>
    public static IReadOnlyList<string> Secrets { get; } = [Secret.Replication, Secret.Orchestrator, Secret.SitesAdmin, Secret.Monitor];

    /// <summary>
    /// MB that are not buffer pool, at least: the server's other memory (120 with a full pool and few connections), its agents (30), and
    /// what copies it (mariadb-backup, zstd, the digests of its tables). With 256 left a replica was killed in the middle of a backup of 1
    /// GB.
    /// </summary>
    private const int LeastBesidePool = 320;

    /// <summary>Half of the memory, less where that leaves too little beside it, but a quarter at least.</summary>
    internal static ByteSize BufferPool(ByteSize memory) =>
        ByteSize.MB(Math.Max(memory.Megabytes / 4, Math.Min(memory.Megabytes / 2, memory.Megabytes - LeastBesidePool)));

    /// <summary>The memory whose <see cref="BufferPool"/> is so large.</summary>
    internal static ByteSize MemoryFor(ByteSize bufferPool) =>
        ByteSize.MB(bufferPool.Megabytes + Math.Max(bufferPool.Megabytes, LeastBesidePool));

    /// <summary>A server that follows the primaries, or is one.</summary>
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

    /// <summary>A server of the image, whatever it is there for.</summary>
    internal static Service Server(DatabaseOptions options, string name, string configuration, string description) =>
        new()
        {
            Name = name,
            Layer = Layer.Database,
            Description = description,
            Image = new Image.FirstParty("mariadb"),
            Kind = ServiceKind.Stateful,
            // Each of glibc's arenas keeps what its threads have freed: with up to eight for a core, 30 MB more.
            Environment = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["MALLOC_ARENA_MAX"] = "2" },
            Files = [new("/etc/farm/my.cnf", configuration)],
            Secrets = Secrets,
            Networks = [Network.Database],
            Mounts = [new(name, "/var/lib/mysql")],
            Tmpfs = [new("/run/mysqld", ByteSize.MB(4)) { Uid = Uid, Gid = Uid }, new("/tmp", ByteSize.MB(16)) { Uid = Uid, Gid = Uid }],
            // A peer that vanished is given up after 3 s (200 ms, doubled 3 times) instead of 15 min: until then a thread that sends to it
            // holds its place, and the peer that comes back waits for that thread to end before it is sent anything.
            Sysctls = new Dictionary<string, string> { ["net.ipv4.tcp_retries2"] = "3" },
            Health = new HealthCheck("role-check", "/healthz")
            {
                // Recovery after a crash reads the whole redo log.
                StartPeriod = TimeSpan.FromMinutes(2),
            },
            // A thread a connection, and the server's own.
            Limits = new(options.Cpus, options.Memory) { Pids = options.MaxConnections + 100 },
            // Writes its dirty pages; sessions that wait for an acknowledgement hold it for up to 15 s.
            StopGrace = TimeSpan.FromSeconds(60),
        };

    /// <param name="id">Server id, and the GTID domain in which it writes. Must never change.</param>
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
