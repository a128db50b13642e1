using WpFarm.Backups.Gtid;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>One database as statements (mariadb-dump) while they come, compressed by zstd.</summary>
internal sealed class DatabaseExport(DatabaseServer server, HttpResponseMessage response, Stream content)
    : AgentStream(server, "the export", response, content)
{
    /// <summary>Of which position it is; known once <see cref="AgentStream.Content"/> was read to its end.</summary>
    /// <exception cref="IOException">It failed on the way; what was read is of no use.</exception>
    public GtidPosition Gtid()
    {
        ThrowIfFailed();
        return GtidPosition.Parse(Required("Export-Gtid"));
    }
}
