using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Recovery;

/// <summary>Binary logs that are not applied yet: a queue for each server, since each server's follow one another.</summary>
internal sealed class PendingLogs(IEnumerable<BackupManifest> logs)
{
    private readonly List<LinkedList<BackupManifest>> _servers =
    [
        .. logs.GroupBy(log => (log.Server, log.Instance))
            .Select(server => new LinkedList<BackupManifest>(
                server.OrderBy(log => log.BinaryLog!.FirstEvent).ThenBy(log => log.Id, StringComparer.Ordinal)
            )),
    ];

    /// <summary>A log that joins the position and has more: if it can be, of the server that the last one was of, else the one that leads furthest.</summary>
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
            // A server that was seeded anew may have its logs in another order: before there is a hole, all are looked at.
            ?? _servers
                .SelectMany(server => server)
                .FirstOrDefault(log => !position.Covers(log.GtidEnd!.OfPrimaries) && Joins(log, position));
    }

    /// <summary>The earliest log that has something which the position has not.</summary>
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
