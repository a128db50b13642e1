using WpFarm.Topology.Layers.ReverseProxy;

namespace WpFarm.Topology.Layers.Database;

/// <summary>The one door to the database: leads writes to the writer and reads to the servers that are fresh enough.</summary>
internal static class DbProxy
{
    public const string Name = "db-proxy";
    public const string Writer = "db-writer";
    public const int WriterPort = 3306;
    public const string Reader = "db-reader";
    public const int ReaderPort = 3307;

    /// <summary>Two file descriptors each; engines allow a container some 20,000.</summary>
    private const int MostConnections = 8000;

    public static Service Service(FarmDesign farm)
    {
        var servers = DatabaseServers.All(farm);
        var connections = Math.Min(farm.Options.Database.MaxConnections * servers.Count, MostConnections);
        return new Service
        {
            Name = Name,
            Layer = Layer.Database,
            Description = "Leads writes to the writable server and reads to the fresh ones",
            Image = new Image.FirstParty("haproxy"),
            Files = [new("/etc/haproxy/haproxy.cfg", Configuration(farm, connections))],
            Networks = [Names(Network.WordPress), Names(Network.Database)],
            // Not whether there is a writer: restarting the proxy would bring none.
            Health = new HealthCheck("curl", "-fsS", "-o", "/dev/null", $"http://127.0.0.1:{HaProxy.OperationsPort}/healthz"),
            Calls =
            [
                .. servers.Select(server => new Call(server, DatabaseServers.Port, "sessions")),
                .. servers.Select(server => new Call(server, Mariadb.RoleCheckPort, "role")),
            ],
            // Two buffers of 16 KB a connection.
            Limits = new(Cpus: 1, ByteSize.MB(64 + (connections * 40 / 1024))),
            Replicas = farm.Redundant,
            Placement = new() { Role = NodeRole.Db, MaxPerNode = farm.Redundant.Max > 1 ? 1 : 0 },
            // hard-stop-after in the configuration is shorter.
            StopGrace = TimeSpan.FromSeconds(15),
        };
    }

    private static Attachment Names(string network) => new(network) { Aliases = [Writer, Reader] };

    private static string Configuration(FarmDesign farm, int connections)
    {
        var primaries = DatabaseServers.Primaries;
        var replicas = DatabaseServers.Replicas(farm);
        return Embedded.Text(
            "Database/db-proxy.cfg",
            ("max-connections", $"{connections}"),
            ("server-connections", $"{farm.Options.Database.MaxConnections - Mariadb.ReservedConnections}"),
            ("writers", Lines(DatabaseServers.All(farm).Select(name => $"server {name} abns@writer-{name} track writer-{name}/{name}"))),
            ("writer-connections", string.Join("\n\n", DatabaseServers.All(farm).Select(WriterConnection))),
            ("readers", Lines(replicas.Select(Server).Concat(primaries.Select(name => Server(name) + " backup")))));
    }

    /// <summary>The way from the backend <c>writer</c> to one server, by a socket inside the proxy.</summary>
    private static string WriterConnection(string name) =>
        $"""
        listen writer-{name}
            bind abns@writer-{name}
            option httpchk GET /writer
            option abortonclose
            {Server(name)}
        """;

    private static string Server(string name) => $"server {name} {name}:{DatabaseServers.Port}";

    private static string Lines(IEnumerable<string> lines) => string.Join("\n    ", lines);
}
