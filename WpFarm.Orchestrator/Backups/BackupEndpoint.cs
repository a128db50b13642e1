using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Recovery;
using WpFarm.Orchestrator.Backups.Drills;
using WpFarm.Orchestrator.Backups.Restoring;
using WpFarm.Orchestrator.Procedures;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Backups;

internal static class BackupEndpoint
{
    public static void MapBackups(this IEndpointRouteBuilder api)
    {
        if (api.ServiceProvider.GetService<BackupRepository>() is null)
        {
            foreach (var path in new[] { "/backups", "/drills", "/restore" })
                api.Map($"{path}/{{**rest}}", () =>
                    Conflict("this farm makes no backups: backups.enabled is false, or it has no object storage (storage.objectStorage)")
                );
            return;
        }

        var backups = api.MapGroup("/backups");
        var offSite = api.ServiceProvider.GetService<OffSiteBackup>();
        backups.MapGet("/", (BackupState state, BackupIndex ledger, BackupRepository place, TimeProvider time) =>
            BackupView.Of(state, ledger, place, offSite, time.GetUtcNow())
        );
        backups.MapGet("/list", (BackupIndex ledger, BackupScheduler keeper) =>
        {
            var why = keeper.Retention().Kept.ToDictionary(kept => kept.Backup.Id, kept => kept.Why);
            return ledger.Backups.Select(backup => BackupEntry.From(backup, why.GetValueOrDefault(backup.Id)));
        });
        backups.MapGet("/{id}", (string id, BackupIndex ledger) =>
            ledger.Backups.FirstOrDefault(backup => backup.Id == id) is { } found ? Results.Ok(found) : Unknown(id)
        );
        backups.MapPost("/now/{kind}", (string kind, BackupScheduler keeper) =>
            Enum.TryParse<BackupKind>(kind, ignoreCase: true, out var parsed)
            && parsed is BackupKind.Full or BackupKind.Incremental or BackupKind.Uploads
                ? Begun(keeper.BackUp(parsed))
                : Bad($"{kind}: is not full, incremental or uploads")
        );
        backups.MapPost("/{id}/verify", (string id, BackupVerification verification, BackupIndex ledger) =>
            ledger.Backups.FirstOrDefault(backup => backup.Id == id) is { } found ? Begun(verification.Begin([found])) : Unknown(id)
        );
        backups.MapPost("/verify", (BackupVerification verification, BackupIndex ledger) =>
            ledger.Latest is { } latest
                ? Begun(verification.Begin([.. latest.Chain.Backups, .. latest.Logs.Select(step => step.Log)]))
                : Conflict("there is no full backup")
        );
        backups.MapPost("/site/{site}", (string site, Farm farm, SiteBackup exports, BackupWork work) =>
            farm.Sites.FirstOrDefault(found => found.Id == site) is { } found
                ? Begun(work.TryBegin("site", (tell, cancel) => exports.RunAsync(found, tell, cancel)))
                : Bad($"{site}: there is no such site. There are {string.Join(", ", farm.Sites.Select(site => site.Id))}")
        );
        backups.MapPut("/configuration", KeepConfigurationAsync);
        backups.MapPost("/prune", (BackupScheduler keeper) => Begun(keeper.Prune()));

        var drills = api.MapGroup("/drills");
        drills.MapGet("/", (DrillHistory history) => history.Reports);
        drills.MapPost("/", (BackupScheduler keeper) => Begun(keeper.TryRestore()));

        var restore = api.MapGroup("/restore");
        restore.MapGet(
            "/plan",
            (string? to, string? gtid, string? from, string? site, string? into, FarmRestore farm, SiteRestore sites, TimeProvider time) =>
                WithTarget(to, gtid, from, target =>
                {
                    sites.Check(into);
                    return Results.Ok(
                        site is null ? PlanView.Of(farm.Plan(target), time.GetUtcNow())
                        : sites.FindExport(site, target) is { } export ? PlanView.Of(export, time.GetUtcNow())
                        : PlanView.Of(sites.Plan(site, target), time.GetUtcNow())
                    );
                })
        );
        restore.MapPost(
            "/",
            (
                string? to,
                string? gtid,
                string? from,
                string? site,
                string? into,
                bool? uploads,
                FarmRestore farm,
                SiteRestore sites,
                BackupWork work
            ) => WithTarget(to, gtid, from, target =>
                {
                    sites.Check(into);
                    _ =
                        site is null ? farm.Plan(target)
                        : sites.FindExport(site, target) is null ? sites.Plan(site, target)
                        : null;
                    return Begun(
                        work.TryBegin("restore", (tell, cancel) =>
                            site is null
                                ? farm.RunAsync(target, uploads ?? false, tell, cancel)
                                : sites.RunAsync(site, target, into, tell, cancel)
                        )
                    );
                })
        );
        restore.MapPost("/give-up", (FarmRestore farm, BackupWork work) =>
        {
            if (!work.Current.IsCompleted)
                return Conflict("a restoration or a backup is under way: end it first, by restarting the Orchestrator");
            farm.GiveUp();
            return Results.NoContent();
        });
    }

    private static async Task<IResult> KeepConfigurationAsync(
        HttpRequest request,
        ConfigurationBackup configuration,
        CancellationToken cancel
    )
    {
        if (request.ContentLength is not (> 0 and <= ConfigurationBackup.Limit))
            return Bad($"a configuration has 1 to {ConfigurationBackup.Limit} bytes, and says how many");
        var archive = new byte[request.ContentLength.Value];
        await request.Body.ReadExactlyAsync(archive, cancel);
        try
        {
            return Results.Ok(new { (await configuration.KeepAsync(archive, cancel)).Id });
        }
        catch (Exception e) when (e is RefusedException or IOException or FormatException)
        {
            return Conflict(e.Message);
        }
    }

    private static IResult WithTarget(string? to, string? gtid, string? from, Func<RecoveryTarget, IResult> then)
    {
        try
        {
            return then(RecoveryTarget.Parse(to, gtid, from));
        }
        catch (FormatException e)
        {
            return Bad(e.Message);
        }
        catch (RefusedException e)
        {
            return Conflict(e.Message);
        }
    }

    private static IResult Begun(Outcome outcome) => outcome.IsAccepted ? Results.Accepted() : Conflict(outcome.Reason);

    private static IResult Bad(string what) => Results.Problem(what, statusCode: StatusCodes.Status400BadRequest);

    private static IResult Unknown(string id) => Bad($"{id}: there is no such backup. ./farm backup list shows them.");

    private static IResult Conflict(string why) => Results.Problem(why, statusCode: StatusCodes.Status409Conflict);
}

/// <param name="Location">Of the store.</param>
/// <param name="OffSite">The second bucket; null when there is none.</param>
/// <param name="RecoverableUntil">The last moment that could be recovered now; null when none could.</param>
/// <param name="RpoSeconds">How long ago that is.</param>
/// <param name="Problems">What is not as it should be, in words; empty when all is well.</param>
/// <param name="LeaseRenewedAt">When the lease on the store was last renewed; null while this Orchestrator does not hold it.</param>
/// <param name="Reports">The last pieces of work, the latest first; one that is under way with its phase.</param>
internal sealed record BackupView(
    string Location,
    OffSiteView? OffSite,
    DateTimeOffset? RecoverableUntil,
    string? Gtid,
    double? RpoSeconds,
    IReadOnlyList<string> Problems,
    DateTimeOffset? LeaseRenewedAt,
    IEnumerable<KindView> Kinds,
    IEnumerable<BackupReport> Reports
)
{
    public static BackupView Of(
        BackupState state,
        BackupIndex ledger,
        BackupRepository place,
        OffSiteBackup? offSite,
        DateTimeOffset now
    ) =>
        new(
            place.Store.Location,
            offSite is null ? null : new(offSite.Location, offSite.CopiedAt),
            ledger.Latest?.Moment,
            ledger.Latest?.Position.ToString(),
            ledger.Latest is { } latest ? (now - latest.Moment).TotalSeconds : null,
            [
                .. new[]
                {
                    state.Trouble,
                    state.ArchiveTrouble,
                    ledger.IsRead && ledger.Latest is null ? "there is no full backup" : null,
                    ledger.Latest?.Gap?.ToString(),
                    offSite?.Trouble is { } trouble ? $"nothing is copied to {offSite.Location}: {trouble}" : null,
                }.OfType<string>(),
                .. ledger.Broken,
            ],
            state.LeaseRenewedAt,
            ledger
                .Backups.GroupBy(backup => backup.Kind)
                .OrderBy(kind => kind.Key)
                .Select(kind => new KindView(
                    BackupScheduler.Word(kind.Key),
                    kind.Count(),
                    kind.Sum(backup => backup.StoredBytes),
                    kind.Max(backup => backup.Started)
                )),
            state.Reports
        );
}

/// <param name="CopiedAt">All that was stored by then is there too; null: not known yet.</param>
internal sealed record OffSiteView(string Location, DateTimeOffset? CopiedAt);

internal sealed record KindView(string Kind, int Count, long StoredBytes, DateTimeOffset Last);

/// <param name="Source">The server or site.</param>
/// <param name="Why">It is kept; null: it will be deleted.</param>
internal sealed record BackupEntry(
    string Id,
    string Kind,
    string? Source,
    DateTimeOffset Started,
    DateTimeOffset Completed,
    long PlainBytes,
    long StoredBytes,
    string? Gtid,
    string? Parent,
    string? Why
)
{
    public static BackupEntry From(BackupManifest backup, string? why) =>
        new(
            backup.Id,
            BackupScheduler.Word(backup.Kind),
            backup.Site ?? backup.Server,
            backup.Started,
            backup.Completed,
            backup.PlainBytes,
            backup.StoredBytes,
            backup.GtidEnd?.ToString(),
            backup.Parent,
            why
        );
}

/// <param name="Moment">Everything committed up to it is there afterwards.</param>
/// <param name="LostSeconds">What was committed in so long is not.</param>
/// <param name="Gap">What keeps it from going further.</param>
internal sealed record PlanView(
    string Target,
    IReadOnlyList<string> Backups,
    int Logs,
    DateTimeOffset Moment,
    string Gtid,
    double LostSeconds,
    long Bytes,
    double EstimateSeconds,
    string? Gap
)
{
    /// <summary>Measured on two cores (docs/backups.md).</summary>
    private static readonly RecoveryRates s_rates = new(Fetch: 30e6, Prepare: 100e6, Replay: 5e6, TimeSpan.FromSeconds(25));

    public static PlanView Of(RecoveryPlan plan, DateTimeOffset now) =>
        new(
            plan.Target.ToString()!,
            [.. plan.Chain.Backups.Select(backup => backup.Id)],
            plan.Logs.Count,
            plan.Moment,
            plan.Position.ToString(),
            plan.Lost(now).TotalSeconds,
            plan.Bytes,
            plan.Estimate(s_rates).TotalSeconds,
            plan.Gap?.ToString()
        );

    public static PlanView Of(BackupManifest export, DateTimeOffset now) =>
        new(
            export.Id,
            [export.Id],
            0,
            export.Started,
            export.GtidEnd!.ToString(),
            (now - export.Started).TotalSeconds,
            export.StoredBytes,
            export.StoredBytes / s_rates.Replay,
            null
        );
}
