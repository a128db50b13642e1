using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using WpFarm.Backups.Retention;
using WpFarm.Backups.Store;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm restore</c>: restores an earlier moment, in place or beside the present data.</summary>
internal static class RestoreCommand
{
    private static readonly Option<string?> s_to = new("--to")
    {
        Description = "Restore up to this moment, in ISO 8601.",
        HelpName = "MOMENT",
    };
    private static readonly Option<string?> s_gtid = new("--gtid")
    {
        Description = "Restore up to and including this transaction.",
        HelpName = "GTID",
    };
    private static readonly Option<bool> s_latest = new("--latest") { Description = "Restore as far as the backups reach." };
    private static readonly Option<string?> s_from = new("--from")
    {
        Description = "Restore what this backup holds: a full or incremental backup, or with --site an export of the site.",
        HelpName = "ID",
    };
    private static readonly Option<string?> s_site = new("--site")
    {
        Description = "Restore only this site, with its uploads. The other sites are not affected.",
        HelpName = "SITE",
    };
    private static readonly Option<string?> s_into = new("--into")
    {
        Description =
            "Restore beside the present data, which is not changed. Without --site: clone the whole farm, as a farm of this name on this "
            + "engine. With --site: write the site's tables into this database, whose name must begin with wp_; its tables are deleted.",
        HelpName = "NAME",
    };
    private static readonly Option<bool> s_uploads = new("--uploads")
    {
        Description =
            "With the whole farm in place: restore the uploads of all sites too, and keep the present ones aside. A clone has them anyway.",
    };
    private static readonly Option<bool> s_giveUp = new("--give-up")
    {
        Description = "Abort an interrupted restoration, and continue with the data that the farm had.",
    };
    private static readonly Option<bool> s_dryRun = new("--dry-run")
    {
        Description = "Show what would be restored and what would be lost, and change nothing.",
    };

    public static Command Create() =>
        FarmCommand.Create(
            "restore",
            "Restore the whole farm's database, or one site, to an earlier moment. Shows first what will be lost, and asks. "
                + "Without --site, all sites are down meanwhile; with --into, none is.",
            RunAsync,
            s_to,
            s_gtid,
            s_latest,
            s_from,
            s_site,
            s_into,
            s_uploads,
            s_giveUp,
            s_dryRun,
            SharedOptions.Yes,
            SharedOptions.Name,
            SharedOptions.File
        );

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var order = Order(parsed);
        async Task<bool> AgreedAsync() =>
            !parsed.GetValue(s_dryRun)
            && (parsed.GetValue(SharedOptions.Yes) || await Terminal.AskAsync("restore", "restore as shown above", "Restore?", cancel));
        if (order is { Site: null, Into: not null })
            return await FarmClone.RunAsync(parsed, order, AgreedAsync, cancel);
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        if (parsed.GetValue(s_giveUp))
        {
            await orchestrator.SendAsync(BackupRoutes.GiveUpRestore, cancel);
            return ExitCode.Ok;
        }

        Show(await orchestrator.SendAsync(BackupRoutes.PlanRestore, order, cancel), parsed.Instance().Name, order);
        if (!await AgreedAsync())
            return ExitCode.Ok;
        var job = await FarmProgress.ShowAsync(progress =>
            new BackupWatch(orchestrator, progress).RunAsync(() => orchestrator.SendAsync(BackupRoutes.Restore, order, cancel), cancel)
        );
        Terminal.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{job.What}: done in {(job.Ended - job.Since)!.Value.TotalSeconds:0.0} s."
                    + $"{(order.Site is null ? " The other database servers are being reseeded: ./farm db status" : "")}"
            )
        );
        foreach (var phase in job.Phases.Where(phase => phase.Name is "import" or "uploads" or "caches"))
            Terminal.Out.WriteLine($"  {phase.Name, -8}{phase.Result}");
        return ExitCode.Ok;
    }

    private static RestoreOrder Order(ParseResult parsed)
    {
        var order = new RestoreOrder
        {
            To = parsed.GetValue(s_to),
            Gtid = parsed.GetValue(s_gtid),
            From = parsed.GetValue(s_from),
            Site = parsed.GetValue(s_site),
            Into = parsed.GetValue(s_into),
            Uploads = parsed.GetValue(s_uploads),
        };
        var problems = order.Problems(parsed.Instance().Name, parsed.GetValue(s_latest), parsed.GetValue(s_giveUp)).ToList();
        return problems.Count == 0 ? order : throw new InvalidInputException(problems);
    }

    internal static void Show(RestorePlan plan, string farm, RestoreOrder order)
    {
        var site = order.Site;
        Terminal.Out.WriteLine(
            site is null ? $"Farm {farm} will be restored in place to {plan.Target}{(order.Uploads ? ", with its uploads" : "")}:"
            : order.Into is { } into
                ? $"The tables of site {site} of farm {farm}, as of {plan.Target}, will be written into database {into}; "
                    + "the site is not changed:"
            : $"Only site {site} of farm {farm} will be restored in place to {plan.Target}, with its uploads. Other sites are not affected:"
        );
        Terminal.Out.WriteLine(
            $"  from    {string.Join(", then ", plan.Backups)}{(plan.Logs == 0 ? "" : $", then {plan.Logs} binary logs")}; "
                + $"{plan.Bytes / 1_000_000} MB"
        );
        Terminal.Out.WriteLine($"  to      {FarmTables.Time(plan.Moment)}");
        Terminal.Out.WriteLine(
            $"  takes   about {Words(plan.EstimateSeconds)}; "
                + $"{(site is null ? "sites show cached pages or an error meanwhile" : "the site stays online meanwhile")}"
        );
        if (order.Into is null)
        {
            Terminal.Out.WriteLine(
                $"  lost    everything committed since then ({Words(plan.LostSeconds)}), and until the restoration ends"
            );
            Terminal.Out.WriteLine(
                site is null
                    ? "  kept    the present data of one server, in the folder aside on its volume, until the next restoration"
                    : "  kept    the site's present tables, in a database aside; its present uploads, in .restores"
            );
        }

        if (plan.Gap is { } gap)
            Terminal.Out.MarkupLineInterpolated($"[yellow]  Nothing later can be restored: {gap}[/]");
    }

    internal static string Words(double seconds) =>
        TimeSpan.FromSeconds(seconds) switch
        {
            { TotalMinutes: < 2 } span => $"{span.TotalSeconds:0} s",
            { TotalHours: < 2 } span => $"{span.TotalMinutes:0} min",
            { TotalDays: < 2 } span => $"{span.TotalHours:0} h",
            var span => $"{span.TotalDays:0} days",
        };
}
