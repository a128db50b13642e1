using WpFarm.Topology.Layers.Backups;
using WpFarm.Topology.Layers.ReverseProxy;

namespace WpFarm.Topology.Layers.Database;

/// <summary>The proxy for all database connections. Routes writes to the writer and reads to the servers whose lag is low enough.</summary>
public static class DbProxy
{
    public const string Name = "db-proxy";
    public const string Writer = "db-writer";
    public const int WriterPort = 3306;
    public const string Reader = "db-reader";
    public const int ReaderPort = 3307;
    public const string Scratch = "db-scratch";
    public const int ScratchPort = 3308;

    internal static ServiceEndpoint Writes => ServiceEndpoint.Tcp(Writer, WriterPort);

    internal static ServiceEndpoint Reads => ServiceEndpoint.Tcp(Reader, ReaderPort);

    internal static ServiceEndpoint ScratchReads => ServiceEndpoint.Tcp(Scratch, ScratchPort);

    /// <summary>Limit of connections. Each takes two file descriptors, and engines allow a container some 20,000.</summary>
    private const int MostConnections = 8000;

    internal static Service Service(FarmDesign farm)
    {
        var servers = DatabaseServers.All(farm);
        var connections = Connections(farm);
        return new Service
        {
            Name = Name,
            Layer = Layer.Database,
            Description = "Leads writes to the writable server and reads to the fresh ones",
            Image = new Image.FirstParty("haproxy"),
            Files = [new("/etc/haproxy/haproxy.cfg", Configuration(farm, connections))],
            Reload = HaProxy.Reload,
            ServesVisitors = true,
            Tmpfs = [HaProxy.State],
            Networks = Networks(farm),
            // Does not check whether there is a writer: a restart of the proxy would not bring one back.
            Health = new HealthCheck("curl", "-fsS", "-o", "/dev/null", $"http://127.0.0.1:{HaProxy.OperationsPort}/healthz"),
            Calls =
            [
                .. servers.Select(server => new Call(DatabaseServers.Sql(server), CallKind.Request, "sessions")),
                .. servers.Select(server => new Call(Mariadb.RoleCheck(server), CallKind.Request, "role")),
                .. ScratchCalls(farm),
            ],
            Scrapes = [HaProxy.Scrape(Name)],
            // Each connection has two buffers of 16 KB.
            Limits = new(Cpus: 1, ByteSize.MB(64 + (connections * 40 / 1024))),
            Replicas = farm.Redundant,
            Placement = Placement(farm),
            // hard-stop-after in the configuration is shorter.
            StopGrace = TimeSpan.FromSeconds(15),
        };
    }

    /// <summary>The listeners' host names. Clients use the same names whether HAProxy or ProxySQL runs.</summary>
    internal static IReadOnlyList<Attachment> Networks(FarmDesign farm)
    {
        IReadOnlyList<string> names = MariadbScratch.Runs(farm) ? [Writer, Reader, Scratch] : [Writer, Reader];
        return [new(Network.WordPress) { Aliases = names }, new(Network.Database) { Aliases = names }];
    }

    internal static IReadOnlyList<Call> ScratchCalls(FarmDesign farm) =>
        MariadbScratch.Runs(farm) ? [new(MariadbScratch.Sql, CallKind.Request, "restored data")] : [];

    internal static Placement Placement(FarmDesign farm) => new() { Role = NodeRole.Db, MaxPerNode = farm.Redundant.Max > 1 ? 1 : 0 };

    /// <summary>Concurrent client sessions.</summary>
    internal static int Connections(FarmDesign farm) =>
        Math.Min(farm.Options.Database.MaxConnections * DatabaseServers.All(farm).Count, MostConnections);

    /// <summary>Concurrent connections to one server.</summary>
    internal static int ServerConnections(FarmDesign farm) => farm.Options.Database.MaxConnections - Mariadb.ReservedConnections;

    private static string Configuration(FarmDesign farm, int connections)
    {
        var primaries = DatabaseServers.Primaries;
        var replicas = DatabaseServers.Replicas(farm);
        return Embedded.Text(
            "Database/db-proxy.cfg",
            ("max-connections", $"{connections}"),
            ("role-check-port", $"{Mariadb.RoleCheckPort}"),
            ("server-connections", $"{ServerConnections(farm)}"),
            ("writers", Lines(DatabaseServers.All(farm).Select(name => $"server {name} abns@writer-{name} track writer-{name}/{name}"))),
            ("writer-connections", string.Join("\n\n", DatabaseServers.All(farm).Select(WriterConnection))),
            ("readers", Lines(replicas.Select(Server).Concat(primaries.Select(name => Server(name) + " backup")))),
            ("scratch", MariadbScratch.Runs(farm) ? ScratchListener : "")
        );
    }

    /// <summary>Connects the backend <c>writer</c> to one server, through a socket inside the proxy.</summary>
    private static string WriterConnection(string name) =>
        $"""
            listen writer-{name}
                bind abns@writer-{name}
                option httpchk GET /writer
                option abortonclose
                {Server(name)}
            """;

    /// <summary>
    /// The listener for the restored data, open only to the WordPress that shows it. A restoration also restores the sites' users, so their
    /// passwords alone would not keep a pool away.
    /// </summary>
    private static string ScratchListener =>
        $$"""

            # Restored data, for {{WordPressScratch.Name}}: whoever has not the address of that name is turned away.
            listen scratch
                bind :{{ScratchPort}}
                tcp-request inspect-delay 2s
                tcp-request content set-var(sess.caller) src
                tcp-request content do-resolve(sess.allowed,docker,ipv4) str({{WordPressScratch.Name}})
                tcp-request content reject unless { var(sess.caller),strcmp(sess.allowed) eq 0 }
                option httpchk GET /healthz
                {{Server(MariadbScratch.Name)}}

            """;

    private static string Server(string name) => $"server {name} {DatabaseServers.Sql(name).HostAndPort}";

    private static string Lines(IEnumerable<string> lines) => string.Join("\n    ", lines);
}
