using WpFarm.Topology.Layers.Backups;

namespace WpFarm.Topology.Layers.Database;

/// <summary>
/// <see cref="DbProxy"/> with ProxySQL as its program: the same names and ports, and sessions share connections to the servers.
/// ProxySQL needs every user's password. No rendered file contains them: <c>proxysql-start</c> writes them from the secrets into
/// <c>proxysql.cnf</c>, in memory.
/// </summary>
internal static class ProxySql
{
    /// <summary>Name of the Prometheus job. The service is named <see cref="DbProxy.Name"/> with either program.</summary>
    public const string OwnName = "proxysql";
    public const int MetricsPort = 6070;

    /// <summary>
    /// ProxySQL's highest weight. ProxySQL has no backup servers: a primary with weight 1 beside a replica gets one read in ten million.
    /// </summary>
    private const int ReplicaWeight = 10_000_000;

    /// <summary>Host group numbers, as in <c>proxysql.cnf</c>.</summary>
    private const int WriterGroup = 1;
    private const int ScratchGroup = 3;

    private const string Folder = "/run/proxysql";
    private const string Start = "/etc/farm/proxysql-start";
    private const string Template = "/etc/farm/proxysql.cnf";
    private const int Uid = 6033;

    public static bool Runs(FarmDesign farm) =>
        farm.Options.Database.Proxy is FarmFile.DatabaseProxy.ProxySql && !farm.IsMissing(UpstreamImages.ProxySQL);

    public static Service Service(FarmDesign farm) =>
        new()
        {
            Name = DbProxy.Name,
            Layer = Layer.Database,
            Description = "Leads writes to the writable server and reads to the fresh ones, over shared connections",
            Image = UpstreamImages.ProxySQL,
            Entrypoint = "bash",
            Command = [Start, Template, "/run/secrets", Folder],
            // The lookup of a missing name on a network without outside access fails after 1 s instead of 10.
            Environment = new Dictionary<string, string> { ["RES_OPTIONS"] = "timeout:1 attempts:1" },
            Files = [new(Start, Embedded.Text("Database/proxysql-start")), new(Template, Configuration(farm))],
            Secrets =
            [
                Secret.SitesKey,
                Secret.SitesAdmin,
                Secret.Monitor,
                .. MariadbScratch.Runs(farm) ? [Secret.Scratch] : Array.Empty<string>(),
            ],
            ServesVisitors = true,
            Networks = DbProxy.Networks(farm),
            Tmpfs = [new(Folder, ByteSize.MB(32)) { Uid = Uid, Gid = Uid }],
            // Does not check whether there is a writer: a restart of the proxy would not bring one back.
            Health = HttpCheck.Of(MetricsPort, "/metrics"),
            Calls =
            [
                .. DatabaseServers.All(farm).Select(server => new Call(DatabaseServers.Sql(server), CallKind.Request, "sessions, role")),
                .. DbProxy.ScratchCalls(farm),
            ],
            Scrapes = [new(OwnName, ServiceEndpoint.Http(DbProxy.Name, MetricsPort))],
            // An estimate, not measured: 128 KB for the buffers and the state of a session.
            Limits = new(Cpus: 1, ByteSize.MB(160 + (DbProxy.Connections(farm) * 128 / 1024))),
            User = $"{Uid}:{Uid}",
            Replicas = farm.Redundant,
            Placement = DbProxy.Placement(farm),
        };

    private static string Configuration(FarmDesign farm) =>
        Embedded.Text(
            "Database/proxysql.cnf",
            ("max-connections", $"{DbProxy.Connections(farm)}"),
            ("metrics-port", $"{MetricsPort}"),
            ("writer-port", $"{DbProxy.WriterPort}"),
            ("reader-port", $"{DbProxy.ReaderPort}"),
            ("scratch-interface", MariadbScratch.Runs(farm) ? $";0.0.0.0:{DbProxy.ScratchPort}" : ""),
            (
                "servers",
                List(
                    DatabaseServers
                        .Replicas(farm)
                        .Select(name => Server(farm, name, ReplicaWeight))
                        .Concat(DatabaseServers.Primaries.Select(name => Server(farm, name, weight: 1)))
                        .Concat(MariadbScratch.Runs(farm) ? [ScratchServer] : [])
                )
            ),
            (
                "users",
                List(
                    farm.Sites.Select(site => User(site.Database, $"site:{site.Id}"))
                        .Prepend(User("sites_admin", $"secret:{Secret.SitesAdmin}"))
                        .Concat(MariadbScratch.Runs(farm) ? [ScratchUser] : [])
                )
            )
        );

    /// <summary>
    /// The scratch server, in a host group of its own without a routing rule: only the user <see cref="MariadbScratch.User"/> reaches it,
    /// at any listener, and reaches nothing else. (A site's user reaches the live servers at any listener, including the scratch one.)
    /// </summary>
    private static string ScratchServer => Server(MariadbScratch.Sql, $"hostgroup = {ScratchGroup}, max_connections = 5");

    private static string ScratchUser => User(MariadbScratch.User, $"secret:{Secret.Scratch}", ScratchGroup);

    /// <summary>
    /// TLS, as the servers require. ProxySQL cannot verify their certificate by the password as clients do, so it does not verify it.
    /// </summary>
    private static string Server(FarmDesign farm, string name, int weight) =>
        Server(
            DatabaseServers.Sql(name),
            $"hostgroup = 2, weight = {weight}, max_connections = {DbProxy.ServerConnections(farm)}, "
                + $"max_replication_lag = {DatabaseServers.MostLag}"
        );

    private static string Server(ServiceEndpoint endpoint, string settings) =>
        $$"""{ address = "{{endpoint.Host}}", port = {{endpoint.Port}}, {{settings}}, use_ssl = 1 }""";

    private static string User(string name, string password, int group = WriterGroup) =>
        $$"""{ username = "{{name}}", password = "<{{password}}>", default_hostgroup = {{group}} }""";

    private static string List(IEnumerable<string> entries) => string.Join(",\n    ", entries);
}
