using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Database;

namespace WpFarm.Topology.Layers.Backups;

/// <summary>
/// The server into which drills restore backups, to test that they can be restored. It is empty except during a drill. It is not among
/// <see cref="DatabaseServers.All"/>: it has no role, no server replicates from it, and no metrics include it.
/// </summary>
internal static class MariadbScratch
{
    public const string Name = "mariadb-scratch";

    public static ServiceEndpoint Sql => DatabaseServers.Sql(Name);

    /// <summary>
    /// The user that reads the sites' restored databases. It exists on this server only, so a service with this password alone can read
    /// no other database.
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
            // No anti-affinity: it may fail together with any other server.
            Placement = new() { Role = NodeRole.Db },
        };

    private static string Configuration(DatabaseOptions size) =>
        Mariadb.Configuration(size, Name, Id, s_bufferPool) + "\n" + Embedded.Text("Database/my-scratch.cnf");

    /// <summary>
    /// Making a restored copy ready (<c>mariadb-backup --prepare</c>) fills at most its own buffer pool of 100 MB, whatever the size of the
    /// data: it applies the log in as many passes as that needs. Meanwhile the empty server still runs (76 MB), and unpacking has ended.
    /// With the data of two new sites both together used 84 MB; the rest is for the tables of a few hundred sites. The steps after that
    /// read one page at a time.
    /// </summary>
    /// <param name="farm">This server gets the CPU of the farm's servers, so that a drill takes as long as a real restoration.</param>
    private static DatabaseOptions Size(FarmDesign farm) =>
        new()
        {
            Memory = ByteSize.MB(384),
            Cpus = farm.Options.Database.Cpus,
            MaxConnections = 20,
        };
}
