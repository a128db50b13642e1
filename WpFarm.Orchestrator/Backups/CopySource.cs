using WpFarm.Orchestrator.Database;

namespace WpFarm.Orchestrator.Backups;

/// <summary>
/// Chooses the server that a backup is read from. The writer is chosen only if there is no other, because it has the most load.
/// </summary>
internal static class CopySource
{
    /// <summary>
    /// Servers that follow the writer closely, the least needed first: replicas, then the standby primary (of each, a server that does not
    /// acknowledge first), then the writer.
    /// </summary>
    public static IReadOnlyList<MariaDbServer> For(DatabaseSnapshot database, IReadOnlyList<MariaDbServer> servers)
    {
        if (database.Servers.FirstOrDefault(server => server.Server == database.Writer) is not { } writer)
            return [];
        var sources = database
            .Servers.Where(server =>
                server.Server != writer.Server
                && ReplicationPlan.CanBeCopied(server, writer, database.Known)
                && !database.Known.Maintenance.Contains(server.Server)
                && !server.Status!.IsCopied
            )
            .OrderBy(server => server.Server.IsPrimary)
            .ThenBy(server => server.Status!.Acknowledges)
            .Append(writer);
        return [.. sources.Select(source => servers.First(server => server.Identity == source.Server))];
    }
}
