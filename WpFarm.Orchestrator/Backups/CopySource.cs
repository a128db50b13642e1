using WpFarm.Orchestrator.Database;

namespace WpFarm.Orchestrator.Backups;

/// <summary>Which server is read for a backup. The writer has better things to do: only when there is nobody else.</summary>
internal static class CopySource
{
    /// <summary>Servers that follow the writer closely, the least needed first: replicas, of these the one that does not acknowledge; then the writer.</summary>
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
