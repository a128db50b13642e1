using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using WpFarm.Cli.Display;
using WpFarm.Deployment;
using WpFarm.Deployment.Backups;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm restore</c>: back to an earlier moment.</summary>
internal static class RestoreCommand
{
    private static readonly Option<string?> s_to = new("--to") { Description = "Everything up to this moment, in ISO 8601.", HelpName = "MOMENT" };
    private static readonly Option<string?> s_gtid = new("--gtid") { Description = "Everything up to this transaction, and it too.", HelpName = "GTID" };
    private static readonly Option<bool> s_latest = new("--latest") { Description = "As far as it goes." };
    private static readonly Option<string?> s_from = new("--from") { Description = "What this backup holds: a full or incremental one, or with --site an export of the site.", HelpName = "ID" };
    private static readonly Option<string?> s_site = new("--site") { Description = "This site alone, with its uploads, while the others go on.", HelpName = "SITE" };
    private static readonly Option<string?> s_into = new("--into") { Description = "With --site: its tables come into this database beside it, whose own are removed, and the site stays as it is. Its name begins with wp_.", HelpName = "DATABASE" };
    private static readonly Option<bool> s_uploads = new("--uploads") { Description = "Of the whole farm: put the uploads of all sites back too. What is there is kept aside." };
    private static readonly Option<bool> s_giveUp = new("--give-up") { Description = "Go on with what the farm had, after a restoration that was broken off." };
    private static readonly Option<bool> s_dryRun = new("--dry-run") { Description = "Say what would be done and what would be lost, and do nothing." };

    public static Command Create() => FarmCommand.Create(
        "restore",
        "Put the whole farm's database, or one site, back to an earlier moment. Says first what will be lost, and asks. Without --site, sites are down meanwhile.",
        Run,
        s_to, s_gtid, s_latest, s_from, s_site, s_into, s_uploads, s_giveUp, s_dryRun, SharedOptions.Yes, SharedOptions.Name, SharedOptions.File);

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        var order = Order(parsed);
        using var orchestrator = await parsed.Orchestrator(cancel).ConfigureAwait(false);
        if (parsed.GetValue(s_giveUp))
        {
            await orchestrator.GiveUpRestore(cancel).ConfigureAwait(false);
            return ExitCode.Ok;
        }

        Show(await orchestrator.PlanRestore(order, cancel).ConfigureAwait(false), parsed.Instance().Name, order);
        if (parsed.GetValue(s_dryRun) || (!parsed.GetValue(SharedOptions.Yes) && !await Terminal.Ask("restore", "do the above", "Restore?", cancel).ConfigureAwait(false)))
            return ExitCode.Ok;
        var job = await FarmProgress.Show(progress => new BackupWatch(orchestrator, progress).Run(() => orchestrator.Restore(order, cancel), cancel)).ConfigureAwait(false);
        Terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{job.What}: done in {(job.Ended - job.Since)!.Value.TotalSeconds:0.0} s.{(order.Site is null ? " The other servers are seeded anew now: ./farm db status" : "")}"));
        foreach (var phase in job.Phases.Where(phase => phase.Name is "import" or "uploads" or "caches"))
            Terminal.Out.WriteLine($"  {phase.Name,-8}{phase.Result}");
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
        var giveUp = parsed.GetValue(s_giveUp);
        List<string> problems = [];
        if (new[] { order.To is not null, order.Gtid is not null, order.From is not null, parsed.GetValue(s_latest), giveUp }.Count(said => said) != 1)
            problems.Add("restore: say one of --to MOMENT, --gtid GTID, --latest, --from ID, or --give-up.");
        if (giveUp && order.Site is not null)
            problems.Add("restore: --give-up is of the whole farm; a site is as it was until its restoration is done. Leave --site out.");
        if (order is { Into: not null, Site: null })
            problems.Add("restore: --into is of one site: say which with --site. To bring a whole farm up beside this one: ./farm recover --help");
        if (order is { Uploads: true, Site: not null })
            problems.Add("restore: --uploads is of the whole farm; a site's uploads are put back with it anyway. Leave it out.");
        return problems.Count == 0 ? order : throw new FarmErrorException(problems);
    }

    internal static void Show(RestorePlan plan, string farm, RestoreOrder order)
    {
        var site = order.Site;
        Terminal.Out.WriteLine(site is null ? $"Farm {farm} is put back to {plan.Target}{(order.Uploads ? ", with its uploads" : "")}:"
            : order.Into is { } into ? $"The tables that the site {site} of farm {farm} had at {plan.Target} come into the database {into}; the site stays as it is:"
            : $"Only the site {site} of farm {farm} is put back to {plan.Target}, with its uploads; the other sites go on as they are:");
        Terminal.Out.WriteLine($"  from    {string.Join(", then ", plan.Backups)}{(plan.Logs == 0 ? "" : $", then {plan.Logs} binary logs")}; {plan.Bytes / 1_000_000} MB");
        Terminal.Out.WriteLine($"  to      {plan.Moment.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");
        Terminal.Out.WriteLine($"  takes   about {Words(plan.EstimateSeconds)}; {(site is null ? "sites show cached pages or an error meanwhile" : "the site goes on meanwhile")}");
        if (order.Into is null)
        {
            Terminal.Out.WriteLine($"  lost    what was committed since, in {Words(plan.LostSeconds)}, and what is meanwhile");
            Terminal.Out.WriteLine(site is null ? "  kept    what one server had, in aside on its volume, until the next restoration" : "  kept    the tables it has now, in a database beside it; and its uploads, in .restores");
        }

        if (plan.Gap is { } gap)
            Terminal.Out.MarkupLineInterpolated($"[yellow]  It does not go further: {gap}[/]");
    }

    internal static string Words(double seconds) => TimeSpan.FromSeconds(seconds) switch
    {
        { TotalMinutes: < 2 } span => $"{span.TotalSeconds:0} s",
        { TotalHours: < 2 } span => $"{span.TotalMinutes:0} min",
        { TotalDays: < 2 } span => $"{span.TotalHours:0} h",
        var span => $"{span.TotalDays:0} days",
    };
}
