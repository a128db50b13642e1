using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Recovery;

/// <summary>Binary logs that are not applied yet, as a queue for each server.</summary>
internal sealed class PendingLogs(IEnumerable<BackupManifest> logs)
{
    private readonly List<LinkedList<BackupManifest>> _servers =
    [
        .. logs.GroupBy(log => (log.Server, log.Instance))
            .Select(server => new LinkedList<BackupManifest>(
                server.OrderBy(log => log.BinaryLog!.FirstEvent).ThenBy(log => log.Id, StringComparer.Ordinal)
            )),
    ];

    /// <summary>The next log that continues the position. Prefers the server of the last log, then the log that ends latest.</summary>
    public BackupManifest? Next(GtidPosition position, BackupManifest? after)
    {
        Drop(position);
        var heads = _servers
            .Where(server => server.Count > 0)
            .Select(server => server.First!.Value)
            .Where(log => Joins(log, position))
            .ToList();
        return heads.FirstOrDefault(log => after is not null && log.Server == after.Server && log.Instance == after.Instance)
            ?? heads.MaxBy(log => log.BinaryLog!.LastEvent)
            // The logs of a reseeded server may be in another order. So all logs are searched before a gap is reported.
            ?? _servers
                .SelectMany(server => server)
                .FirstOrDefault(log => !position.Covers(log.GtidEnd!.OfPrimaries) && Joins(log, position));
    }

    /// <summary>The earliest log with transactions that the position lacks.</summary>
    public BackupManifest? FirstBeyond(GtidPosition position) =>
        _servers
            .SelectMany(server => server)
            .Where(log => !position.Covers(log.GtidEnd!.OfPrimaries))
            .MinBy(log => log.BinaryLog!.FirstEvent);

    private void Drop(GtidPosition position)
    {
        foreach (var server in _servers)
            while (server.First is { } head && position.Covers(head.Value.GtidEnd!.OfPrimaries))
                server.RemoveFirst();
    }

    private static bool Joins(BackupManifest log, GtidPosition position) => position.Covers(log.GtidStart!.OfPrimaries);
}
