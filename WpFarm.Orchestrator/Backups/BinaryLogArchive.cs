using WpFarm.Backups.Catalogue;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Database.Seeding;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Backups;

/// <summary>
/// Archives the binary log at short intervals: a server closes its binary log file, and the new files are encrypted and stored. Every
/// server logs every transaction under the same GTID, so the archive continues with another server when one is gone.
/// </summary>
internal sealed class BinaryLogArchive(
    BackupRepository repository,
    BackupIndex index,
    IReadOnlyList<MariaDbServer> servers,
    DatabaseState database,
    TimeProvider time
)
{
    /// <summary>Time limit for a replica that follows closely to catch up with the writer.</summary>
    private static readonly TimeSpan s_catchUp = TimeSpan.FromSeconds(5);

    /// <summary>Why the archive cannot continue without a new full backup. Null when it can.</summary>
    public string? Gap { get; private set; }

    /// <returns>The backups that were stored.</returns>
    /// <exception cref="RefusedException">Nothing can be archived now. The message says why.</exception>
    public async Task<IReadOnlyList<BackupManifest>> AdvanceAsync(CancellationToken cancel)
    {
        var (snapshot, looked) = (database.Current, time.GetUtcNow());
        if (index.ReachedBy(snapshot.Known.HistorySince) is not { } reached)
            return [];
        var sources = CopySource.For(snapshot, servers);
        if (sources.Count == 0)
            throw new RefusedException("no server takes writes, so the Orchestrator cannot tell which transaction was committed last");
        var committed = (await sources[^1].ObserveAsync(cancel)).Position.OfPrimaries;
        var stored = new List<BackupManifest>();
        if (!reached.Covers(committed))
        {
            var source = sources[0];
            await source.CatchUpAsync(committed, s_catchUp, cancel);
            await source.CloseLogAsync(cancel);
            foreach (var log in (await source.Agent.LogsAsync(cancel)).Where(log => log.End is { } end && !reached.Covers(end.OfPrimaries)))
            {
                Gap = reached.Covers(log.Start.OfPrimaries)
                    ? null
                    : $"the binary logs of {source.Identity} begin at {log.Start}; what comes before, after {reached}, was never stored";
                if (Gap is not null)
                    throw new RefusedException(Gap);
                stored.Add(await StoreAsync(source, log, snapshot.Known.HistorySince, cancel));
                reached = reached.With(log.End!.OfPrimaries);
            }
        }

        if (reached.Covers(committed))
        {
            var mark = new ArchiveMark(looked, committed, snapshot.Known.HistorySince);
            await repository.Catalogue.MarkAsync(mark, cancel);
            index.Reached(mark);
        }

        return stored;
    }

    private async Task<BackupManifest> StoreAsync(
        MariaDbServer source,
        ServerLog log,
        DateTimeOffset? historySince,
        CancellationToken cancel
    )
    {
        var started = time.GetUtcNow();
        var id = BackupId.New(BackupKind.BinaryLog, source.Identity.Name, started);
        using var copy = await source.Agent.LogAsync(log.File, cancel);
        var data = await repository.Catalogue.SealAsync(
            id,
            repository.Key,
            async (target, cancel) =>
            {
                await copy.Content.CopyToAsync(target, cancel);
                _ = copy.Extent();
            },
            cancel
        );
        var extent = copy.Extent();
        var manifest = BackupManifest.Of(id, BackupKind.BinaryLog, data, extent.PlainBytes, started, time.GetUtcNow()) with
        {
            Server = source.Identity.Name,
            HistorySince = historySince,
            GtidStart = log.Start,
            GtidEnd = log.End,
            BinaryLog = new(log.File, extent.First, extent.Last),
        };
        await repository.Catalogue.WriteAsync(manifest, cancel);
        index.Add(manifest);
        return manifest;
    }
}
