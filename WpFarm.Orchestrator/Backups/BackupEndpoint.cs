using System.Text.Json;
using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Recovery;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Orchestrator.Api;
using WpFarm.Orchestrator.Backups.Drills;
using WpFarm.Orchestrator.Backups.Restoring;
using WpFarm.Orchestrator.Procedures;
using WpFarm.Orchestrator.Sites;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Backups;

internal static class BackupEndpoint
{
    public static void MapBackups(this IEndpointRouteBuilder api)
    {
        if (api.ServiceProvider.GetService<BackupRepository>() is null)
        {
            foreach (var path in new[] { "backups", "drills", "restore" })
                api.Map($"/api/{path}/{{**rest}}", NoBackups).ExcludeFromDescription();
            return;
        }

        var offSite = api.ServiceProvider.GetService<OffSiteBackup>();
        api.Map(BackupRoutes.Status, (BackupState state, BackupIndex index, BackupRepository repository, TimeProvider time) =>
            BackupStatus.Of(state, index, repository, offSite, time.GetUtcNow())
        );
        api.Map(BackupRoutes.List, List);
        api.Map(BackupRoutes.Manifest, ([AsParameters] BackupRequest request, BackupIndex index) =>
            JsonSerializer.SerializeToElement(Find(index, request.Id), ApiJson.Options)
        );
        api.Map(BackupRoutes.Make, ([AsParameters] BackupOrder order, BackupScheduler scheduler) =>
            Begin(
                order.Kind.Value.Traits.CanBeOrdered
                    ? scheduler.BackUp(order.Kind.Value)
                    : throw new InvalidRequestException(
                        $"{order.Kind}: cannot be ordered. Order one of "
                            + string.Join(", ", BackupKinds.All.Where(kind => kind.Traits.CanBeOrdered).Select(kind => kind.Word()))
                    )
            )
        );
        api.Map(BackupRoutes.MakeOfSite, ([AsParameters] SiteRequest request, Farm farm, SiteBackup exports, BackupWork work) =>
        {
            var site = farm.SiteOf(request.Site);
            Begin(work.TryBegin("site", (publish, cancel) => exports.RunAsync(site, publish, cancel)));
        });
        api.Map(BackupRoutes.StoreConfiguration, StoreConfigurationAsync);
        api.Map(BackupRoutes.Verify, ([AsParameters] BackupRequest request, BackupVerification verification, BackupIndex index) =>
            Begin(verification.Begin([Find(index, request.Id)]))
        );
        api.Map(BackupRoutes.VerifyLatest, (BackupVerification verification, BackupIndex index) =>
            Begin(
                index.Latest is { } latest
                    ? verification.Begin([.. latest.Chain.Backups, .. latest.Logs.Select(step => step.Log)])
                    : throw new RefusedException("there is no full backup")
            )
        );
        api.Map(BackupRoutes.Prune, (BackupScheduler scheduler) => Begin(scheduler.Prune()));
        api.Map(BackupRoutes.Drills, (DrillHistory history) => history.Reports);
        api.Map(BackupRoutes.Drill, (BackupScheduler scheduler) => Begin(scheduler.TryRestore()));
        api.MapRestore();
    }

    private static void MapRestore(this IEndpointRouteBuilder api)
    {
        api.Map(BackupRoutes.PlanRestore, ([AsParameters] RestoreOrder order, FarmRestore farm, SiteRestore sites, TimeProvider time) =>
        {
            var (target, now) = (Target(order), time.GetUtcNow());
            sites.Check(order.Into);
            return order.Site is null ? RestorePlan.Of(farm.Plan(target), now)
                : sites.FindExport(order.Site, target) is { } export ? RestorePlan.Of(export, now)
                : RestorePlan.Of(sites.Plan(order.Site, target), now);
        });
        api.Map(BackupRoutes.Restore, ([AsParameters] RestoreOrder order, FarmRestore farm, SiteRestore sites, BackupWork work) =>
        {
            var target = Target(order);
            sites.Check(order.Into);
            // An order without a possible plan is refused before the work begins.
            _ =
                order.Site is null ? farm.Plan(target)
                : sites.FindExport(order.Site, target) is null ? sites.Plan(order.Site, target)
                : null;
            Begin(
                work.TryBegin("restore", (publish, cancel) =>
                    order.Site is null
                        ? farm.RunAsync(target, order.Uploads, publish, cancel)
                        : sites.RunAsync(order.Site, target, order.Into, publish, cancel)
                )
            );
        });
        api.Map(BackupRoutes.GiveUpRestore, (FarmRestore farm, BackupWork work) =>
        {
            if (!work.Current.IsCompleted)
                throw new RefusedException("a restoration or a backup is under way: end it first, by restarting the Orchestrator");
            farm.GiveUp();
        });
    }

    private static IResult NoBackups() =>
        Results.Problem(
            "this farm makes no backups: backups.enabled is false, or it has no object storage (storage.objectStorage)",
            statusCode: StatusCodes.Status409Conflict
        );

    private static IReadOnlyList<BackupEntry> List(BackupIndex index, BackupScheduler scheduler)
    {
        var why = scheduler.Retention().Kept.ToDictionary(kept => kept.Backup.Id, kept => kept.Why);
        return [.. index.Backups.Select(backup => BackupEntry.Of(backup, why.GetValueOrDefault(backup.Id)))];
    }

    private static async Task<StoredConfiguration> StoreConfigurationAsync(
        HttpRequest request,
        ConfigurationBackup configuration,
        CancellationToken cancel
    )
    {
        if (request.ContentLength is not (> 0 and <= ConfigurationBackup.Limit))
            throw new InvalidRequestException($"a configuration has 1 to {ConfigurationBackup.Limit} bytes, and says how many");
        var archive = new byte[request.ContentLength.Value];
        await request.Body.ReadExactlyAsync(archive, cancel);
        try
        {
            return new((await configuration.KeepAsync(archive, cancel)).Id);
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            throw new RefusedException(e.Message);
        }
    }

    private static RecoveryTarget Target(RestoreOrder order)
    {
        try
        {
            return RecoveryTarget.Parse(order.To, order.Gtid, order.From);
        }
        catch (FormatException e)
        {
            throw new InvalidRequestException(e.Message);
        }
    }

    /// <exception cref="RefusedException">The work was refused and has not begun.</exception>
    private static void Begin(Outcome outcome) => outcome.ThrowIfRefused();

    private static BackupManifest Find(BackupIndex index, string id) =>
        index.Backups.FirstOrDefault(backup => backup.Id == id)
        ?? throw new InvalidRequestException($"{id}: there is no such backup. ./farm backup list shows them.");
}
