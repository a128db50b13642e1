using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;
using WpFarm.Backups.Polling;
using WpFarm.Backups.Recovery;
using WpFarm.Orchestrator.Backups.Drills;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Database.Seeding;
using WpFarm.Orchestrator.Procedures;
using WpFarm.Orchestrator.Sites;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Backups.Restoring;

/// <summary>
/// Restores one site to an earlier moment, while the farm and its other sites continue to run. The data comes from an export of the site in
/// the store. Otherwise the whole farm is restored into the scratch server, and only the site's database is taken from there. The site's
/// tables are replaced at one moment, and the replaced tables are kept.
/// </summary>
internal sealed class SiteRestore(
    BackupRepository repository,
    BackupIndex index,
    FarmRestore farms,
    Farm farm,
    IReadOnlyList<MariaDbServer> servers,
    DatabaseState database,
    SiteCaches caches,
    UploadsRecovery uploads,
    TimeProvider time,
    ScratchServer? scratch = null
)
{
    private static readonly TimeSpan s_writerLimit = TimeSpan.FromSeconds(30);

    /// <exception cref="RefusedException">The target cannot be restored. The message says why, and what could be done instead.</exception>
    public RecoveryPlan Plan(string site, RecoveryTarget target)
    {
        _ = Find(site);
        _ = Scratch;
        return farms.Plan(target);
    }

    /// <returns>
    /// The export that the target names. Null when the target is another kind: then the site is restored by a <see cref="Plan"/>.
    /// </returns>
    /// <exception cref="RefusedException">The export belongs to another site.</exception>
    public BackupManifest? FindExport(string site, RecoveryTarget target)
    {
        var export = target is RecoveryTarget.Backup(var id)
            ? index.Backups.FirstOrDefault(backup => backup.Id == id && backup.Kind is BackupKind.Site)
            : null;
        return export is null || export.Site == Find(site).Id
            ? export
            : throw new RefusedException($"{export.Id} is of the site {export.Site}, not of {site}");
    }

    /// <param name="into">
    /// Name of a database to restore into, beside the site's own, which then stays as it is, as do the uploads. Null: the site itself is
    /// restored.
    /// </param>
    /// <exception cref="RefusedException">The name is not allowed for such a database.</exception>
    public void Check(string? into)
    {
        if (into is not null && !DatabaseAgent.IsName(into))
            throw new RefusedException(
                $"{into}: is no name of a database beside the sites': wp_, then up to 39 lower-case letters, digits and underscores"
            );
        if (farm.Sites.FirstOrDefault(site => site.Database == into) is { } taken)
            throw new RefusedException(
                $"{into}: is the database of the site {taken.Id}. Name another, or leave it out to put the site back"
            );
    }

    /// <exception cref="PhaseFailedException">
    /// A phase failed. The message names it and the reason. Until the phase "import" is done, the site is unchanged.
    /// </exception>
    public async Task RunAsync(string id, RecoveryTarget target, string? into, Action<BackupReport> publish, CancellationToken cancel)
    {
        var restore = new Procedure<BackupReport>(
            new($"restoration of {id}{(into is null ? "" : $" into {into}")} to {target}", time.GetUtcNow()),
            time,
            publish
        );
        var (site, plan, export) = (default(Site)!, default(RecoveryPlan), default(BackupManifest));
        await restore.PhaseAsync("plan", async () =>
        {
            (site, export) = (Find(id), FindExport(id, target));
            Check(into);
            _ = await WriterAsync(cancel);
            if (export is not null)
                return $"{export.Id}, at {export.GtidEnd!.OfPrimaries}";
            plan = Plan(id, target);
            return $"{plan.Chain.Last.Id} and {plan.Logs.Count} binary logs, by way of {Scratch.Server.Identity}";
        });
        if (plan is null)
            await restore.PhaseAsync("import", async () =>
            {
                await using var content = await repository.Catalogue.OpenAsync(export!, repository.Key, cancel);
                return await ImportAsync(site, into, content, () => export!.GtidEnd!, cancel);
            });
        else
            await ImportFromScratchAsync(restore, site, into, plan, cancel);
        if (into is null)
        {
            await restore.PhaseAsync("uploads", () => uploads.RestoreAsync(site.Id, plan?.Moment ?? export!.Started, cancel));
            await restore.PurgeAsync(caches, [site], cancel);
        }

        restore.End();
    }

    private async Task ImportFromScratchAsync(
        Procedure<BackupReport> restore,
        Site site,
        string? into,
        RecoveryPlan plan,
        CancellationToken cancel
    )
    {
        try
        {
            var recovery = new ServerRecovery(repository, Scratch.Server, plan, restore);
            await recovery.SeedAsync(aside: false, cancel);
            await recovery.ReplayAsync(cancel);
            // The export is streamed from one server into the other, without a file in between.
            await restore.PhaseAsync("import", async () =>
            {
                using var export = await Scratch.Server.Agent.ExportAsync(site.Database, cancel);
                return await ImportAsync(site, into, export.Content, () => GtidPosition.Parse(export.Extent().Gtid), cancel);
            });
        }
        finally
        {
            await Scratch.EmptyAsync(CancellationToken.None);
        }
    }

    private ScratchServer Scratch =>
        scratch
        ?? throw new RefusedException(
            "this farm has no place to restore into beside the live one: set backups.drill.enabled to true, or restore the whole farm "
                + "(without --site)"
        );

    /// <summary>
    /// Waits for a writer. An observation that timed out shows none, and a failover has none for some seconds; neither is a reason to
    /// refuse.
    /// </summary>
    private async Task<MariaDbServer> WriterAsync(CancellationToken cancel)
    {
        MariaDbServer? writer = null;
        try
        {
            await Poll.UntilAsync(
                () => Task.FromResult((writer = servers.FirstOrDefault(server => server.Identity == database.Current.Writer)) is not null),
                s_writerLimit,
                "no server takes writes",
                time,
                cancel
            );
        }
        catch (TimeoutException e)
        {
            throw new RefusedException($"{e.Message}: ./farm db status says why");
        }

        return writer!;
    }

    private Site Find(string id) =>
        farm.Sites.FirstOrDefault(site => site.Id == id)
        ?? throw new RefusedException($"{id}: there is no such site. There are {string.Join(", ", farm.Sites.Select(site => site.Id))}");

    /// <summary>
    /// Imports an export. The data of a failed export looks complete, so the importer sees its end only once the export has succeeded.
    /// </summary>
    /// <param name="gtid">Gets the position of the export; called at the export's end.</param>
    private async Task<string> ImportAsync(Site site, string? into, Stream export, Func<GtidPosition> gtid, CancellationToken cancel)
    {
        var aside = DatabaseAgent.AsideName(site.Database, time.GetUtcNow());
        try
        {
            var writer = await WriterAsync(cancel);
            await writer.Agent.ImportAsync(
                into ?? site.Database,
                into is null ? aside : null,
                new CheckedStream(export, () => gtid()),
                cancel
            );
        }
        catch (HttpRequestException e) when (e.InnerException is IOException cause)
        {
            throw new IOException(cause.Message, e);
        }

        var where = into is null ? $"; those it had are in the database {aside}" : $", in the database {into}";
        return $"the tables of {site.Id} as of {gtid().OfPrimaries}{where}";
    }
}
