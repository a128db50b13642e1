using System.Globalization;
using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;
using WpFarm.Backups.Recovery;
using WpFarm.Backups.Streams;
using WpFarm.Contracts.Agents.Database;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Database.Seeding;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Backups;

/// <summary>
/// Copies a database server's data into the store, compressed and encrypted on the way: nothing is written to a disk in between. The backup
/// exists once it is stored completely, and not before.
/// </summary>
internal sealed class DatabaseBackup(
    BackupRepository repository,
    BackupIndex index,
    IReadOnlyList<MariaDbServer> servers,
    DatabaseState database,
    BinaryLogArchive archive,
    BackupSchedule schedule,
    BackupSettings options,
    TimeProvider time
) : IBackupMaker
{
    public IReadOnlyList<BackupKind> Kinds { get; } = [BackupKind.Full, BackupKind.Incremental];

    public DueBackup? Due(DateTimeOffset now) =>
        schedule.Due(index.Backups, database.Current.Known.HistorySince, archive.Gap is not null, now) is var (kind, why)
            ? new(kind, kind.Word(), why)
            : null;

    /// <param name="kind">Kind of the backup. An incremental backup without an earlier backup to continue from becomes a full one.</param>
    /// <exception cref="PhaseFailedException">A phase failed. The message names it and the reason.</exception>
    public async Task RunAsync(BackupKind kind, Action<BackupReport> publish, CancellationToken cancel)
    {
        var work = new Procedure<BackupReport>(new($"{kind.Word()} backup", time.GetUtcNow()), time, publish);
        var (known, key) = (database.Current.Known, repository.Key);
        var from = default(Source)!;
        await work.PhaseAsync("source", async () =>
        {
            from = await ChooseAsync(kind, known.HistorySince, cancel);
            return from.Parent is null
                ? $"all of {from.Server.Identity}"
                : $"what has changed in {from.Server.Identity} since {from.Parent.Id}";
        });

        var manifest = default(BackupManifest)!;
        await work.PhaseAsync("copy", async () =>
        {
            var started = time.GetUtcNow();
            var made = from.Parent is null ? BackupKind.Full : BackupKind.Incremental;
            var id = BackupId.New(made, from.Server.Identity.Name, started);
            using var copy = await from.Server.Agent.CopyAsync(from.Parent?.LsnTo, contents: true, cancel);
            var counted = new CountedStream(copy.Content, bytes => work.Publish(work.Report with { Bytes = bytes }));
            var data = await repository.Catalogue.SealAsync(
                id,
                key,
                async (target, cancel) =>
                {
                    await counted.CopyToAsync(Throttled(target), cancel);
                    // It throws here, inside the write, so that an incomplete copy is not stored at all.
                    _ = copy.Extent();
                },
                cancel
            );
            var extent = copy.Extent();
            manifest = BackupManifest.Of(id, made, data, extent.PlainBytes, started, time.GetUtcNow()) with
            {
                Parent = from.Parent?.Id,
                Server = from.Server.Identity.Name,
                Instance = from.Origin.Instance,
                HistorySince = known.HistorySince,
                GtidEnd = GtidPosition.Parse(extent.Gtid),
                LsnFrom = extent.FromLsn,
                LsnTo = extent.ToLsn,
                Tools = new Dictionary<string, string> { ["mariadb-backup"] = from.Origin.Version },
                Tables = await from.Server.Agent.ContentsAsync(extent, cancel),
            };
            return string.Create(CultureInfo.InvariantCulture, $"{data.StoredBytes / 1e6:0.0} MB, at {extent.Gtid}");
        });
        await work.RecordAsync(manifest, repository, index, cancel);
    }

    private async Task<Source> ChooseAsync(BackupKind kind, DateTimeOffset? historySince, CancellationToken cancel)
    {
        var sources = CopySource.For(database.Current, servers);
        if (sources.Count == 0)
            throw new RefusedException("no server takes writes, so the Orchestrator cannot tell which server is up to date");
        var origin = await sources[0].Agent.OriginAsync(cancel);
        if (kind is BackupKind.Full)
            return new(sources[0], origin, null);
        // Continuing from the newest chain leaves the fewest changes to apply in a restore, whichever server the chain is of.
        var chains = BackupChain
            .All(index.Backups)
            .Select(found => found.Chain)
            .OfType<BackupChain>()
            .Where(chain => chain.Last.HistorySince == historySince)
            .Reverse()
            .ToList();
        foreach (var chain in chains.DistinctBy(chain => chain.Last.Server))
            if (
                sources.FirstOrDefault(source => source.Identity.Name == chain.Last.Server) is { } source
                && await source.Agent.OriginAsync(cancel) is var of
                && of.Instance == chain.Last.Instance
            )
                return new(source, of, chain.Last);
        return new(sources[0], origin, null);
    }

    private Stream Throttled(Stream target) =>
        options.BytesPerSecond > 0 ? new ThrottledStream(target, options.BytesPerSecond, time) : target;

    private sealed record Source(MariaDbServer Server, DataOrigin Origin, BackupManifest? Parent);
}
