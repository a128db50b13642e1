using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Database;

namespace WpFarm.Topology.Layers.Backups;

/// <summary>
/// The server that backups are restored into to see whether they can be: empty but for the time of a drill. It is none of
/// <see cref="DatabaseServers.All"/>: it has no role, nobody follows it, and nobody's metrics count it.
/// </summary>
internal static class MariadbScratch
{
    public const string Name = "mariadb-scratch";

    public static ServiceEndpoint Sql => DatabaseServers.Sql(Name);

    /// <summary>
    /// Reads the sites' restored databases, and is there on this server alone: who has no other password reads nothing else.
    /// </summary>
    public const string User = "scratch";

    /// <summary>Server id and GTID domain, far from those of the replicas (11 and up).</summary>
    private const int Id = 99;

    private static readonly ByteSize s_bufferPool = ByteSize.MB(64);

    public static bool Runs(FarmDesign farm) => farm.Options.Backups.Drill.Enabled && BackupStore.Of(farm) is not null;

    public static Service Service(FarmDesign farm) =>
        Mariadb.Server(Size(farm), Name, Configuration(Size(farm)), "Restored backups, for as long as they are looked at") with
        {
            Secrets = [.. Mariadb.Secrets, Secret.Scratch],
            // Apart from nobody: it may be lost with any of the others.
            Placement = new() { Role = NodeRole.Db },
        };

    private static string Configuration(DatabaseOptions size) =>
        Mariadb.Configuration(size, Name, Id, s_bufferPool) + "\n" + Embedded.Text("Database/my-scratch.cnf");

    /// <summary>
    /// Making a restored copy ready (<c>mariadb-backup --prepare</c>) fills at most its own buffer pool of 100 MB, whatever the size of the
    /// data: it applies the log in as many passes as that needs. Meanwhile the empty server still runs (76 MB), and unpacking is over. With
    /// the data of two new sites both together held 84 MB; the rest is for the tables of a few hundred. What then reads is one page at a
    /// time.
    /// </summary>
    /// <param name="farm">Its servers' CPU is this one's, too: what a drill measures is to be what a restoration takes.</param>
    private static DatabaseOptions Size(FarmDesign farm) =>
        new()
        {
            Memory = ByteSize.MB(384),
            Cpus = farm.Options.Database.Cpus,
            MaxConnections = 20,
        };
}
