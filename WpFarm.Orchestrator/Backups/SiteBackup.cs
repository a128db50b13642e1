using System.Globalization;
using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Database.Seeding;
using WpFarm.Orchestrator.Procedures;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Backups;

/// <summary>Exports one site's database as SQL statements, to restore it without the rest of the farm or to move it elsewhere.</summary>
internal sealed class SiteBackup(
    BackupRepository repository,
    BackupIndex index,
    IReadOnlyList<MariaDbServer> servers,
    DatabaseState database,
    TimeProvider time
)
{
    /// <exception cref="PhaseFailedException">A phase failed. The message names it and the reason.</exception>
    public async Task RunAsync(Site site, Action<BackupReport> publish, CancellationToken cancel)
    {
        var work = new Procedure<BackupReport>(new($"export of {site.Id}", time.GetUtcNow()), time, publish);
        var manifest = default(BackupManifest)!;
        await work.PhaseAsync("export", async () =>
        {
            var source = CopySource.For(database.Current, servers) is [var first, ..]
                ? first
                : throw new RefusedException("no server takes writes, so the Orchestrator cannot tell which server is up to date");
            var (started, historySince) = (time.GetUtcNow(), database.Current.Known.HistorySince);
            var id = BackupId.New(BackupKind.Site, site.Id, started);
            using var export = await source.Agent.ExportAsync(site.Database, cancel);
            var data = await repository.Catalogue.SealAsync(
                id,
                repository.Key,
                async (target, cancel) =>
                {
                    await new CountedStream(export.Content, bytes => work.Publish(work.Report with { Bytes = bytes })).CopyToAsync(
                        target,
                        cancel
                    );
                    // It throws here, inside the write, so that an incomplete export is not stored at all.
                    _ = export.Extent();
                },
                cancel
            );
            // The size of the statements before compression is not measured.
            manifest = BackupManifest.Of(id, BackupKind.Site, data, data.ContentBytes, started, time.GetUtcNow()) with
            {
                Site = site.Id,
                Server = source.Identity.Name,
                HistorySince = historySince,
                GtidEnd = GtidPosition.Parse(export.Extent().Gtid),
            };
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{data.StoredBytes / 1e6:0.0} MB of {source.Identity}, at {manifest.GtidEnd.OfPrimaries}"
            );
        });
        await work.RecordAsync(manifest, repository, index, cancel);
    }
}
