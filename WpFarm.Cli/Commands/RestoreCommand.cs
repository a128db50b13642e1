using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm restore</c>: back to an earlier moment, or that moment beside what there is.</summary>
internal static class RestoreCommand
{
    private static readonly Option<string?> s_to = new("--to")
    {
        Description = "Everything up to this moment, in ISO 8601.",
        HelpName = "MOMENT",
    };
    private static readonly Option<string?> s_gtid = new("--gtid")
    {
        Description = "Everything up to this transaction, and it too.",
        HelpName = "GTID",
    };
    private static readonly Option<bool> s_latest = new("--latest") { Description = "As far as it goes." };
    private static readonly Option<string?> s_from = new("--from")
    {
        Description = "What this backup holds: a full or incremental one, or with --site an export of the site.",
        HelpName = "ID",
    };
    private static readonly Option<string?> s_site = new("--site")
    {
        Description = "This site alone, with its uploads, while the others go on.",
        HelpName = "SITE",
    };
    private static readonly Option<string?> s_into = new("--into")
    {
        Description =
            "Beside what there is, which stays as it is. Without --site: the whole farm, as another farm of this name on this engine. With --site: the site's tables, in this database, whose own are removed; its name begins with wp_.",
        HelpName = "NAME",
    };
    private static readonly Option<bool> s_uploads = new("--uploads")
    {
        Description =
            "Of the whole farm: put the uploads of all sites back too. What is there is kept aside. A farm beside it has them anyway.",
    };
    private static readonly Option<bool> s_giveUp = new("--give-up")
    {
        Description = "Go on with what the farm had, after a restoration that was broken off.",
    };
    private static readonly Option<bool> s_dryRun = new("--dry-run")
    {
        Description = "Say what would be done and what would be lost, and do nothing.",
    };

    public static Command Create() =>
        FarmCommand.Create(
            "restore",
            "Put the whole farm's database, or one site, back to an earlier moment. Says first what will be lost, and asks. Without --site, sites are down meanwhile; with --into nothing is.",
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
            && (parsed.GetValue(SharedOptions.Yes) || await Terminal.AskAsync("restore", "do the above", "Restore?", cancel));
        if (order is { Site: null, Into: not null })
            return await CopyFarm.RunAsync(parsed, order, AgreedAsync, cancel);
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        if (parsed.GetValue(s_giveUp))
        {
            await orchestrator.GiveUpRestoreAsync(cancel);
            return ExitCode.Ok;
        }

        Show(await orchestrator.PlanRestoreAsync(order, cancel), parsed.Instance().Name, order);
        if (!await AgreedAsync())
            return ExitCode.Ok;
        var job = await FarmProgress.ShowAsync(progress =>
            new BackupWatch(orchestrator, progress).RunAsync(() => orchestrator.RestoreAsync(order, cancel), cancel)
        );
        Terminal.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{job.What}: done in {(job.Ended - job.Since)!.Value.TotalSeconds:0.0} s.{(order.Site is null ? " The other servers are seeded anew now: ./farm db status" : "")}"
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
            site is null ? $"Farm {farm} is put back to {plan.Target}{(order.Uploads ? ", with its uploads" : "")}:"
            : order.Into is { } into
                ? $"The tables that the site {site} of farm {farm} had at {plan.Target} come into the database {into}; the site stays as it is:"
            : $"Only the site {site} of farm {farm} is put back to {plan.Target}, with its uploads; the other sites go on as they are:"
        );
        Terminal.Out.WriteLine(
            $"  from    {string.Join(", then ", plan.Backups)}{(plan.Logs == 0 ? "" : $", then {plan.Logs} binary logs")}; {plan.Bytes / 1_000_000} MB"
        );
        Terminal.Out.WriteLine($"  to      {plan.Moment.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");
        Terminal.Out.WriteLine(
            $"  takes   about {Words(plan.EstimateSeconds)}; {(site is null ? "sites show cached pages or an error meanwhile" : "the site goes on meanwhile")}"
        );
        if (order.Into is null)
        {
            Terminal.Out.WriteLine($"  lost    what was committed since, in {Words(plan.LostSeconds)}, and what is meanwhile");
            Terminal.Out.WriteLine(
                site is null
                    ? "  kept    what one server had, in aside on its volume, until the next restoration"
                    : "  kept    the tables it has now, in a database beside it; and its uploads, in .restores"
            );
        }

        if (plan.Gap is { } gap)
            Terminal.Out.MarkupLineInterpolated($"[yellow]  It does not go further: {gap}[/]");
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
