using Spectre.Console;
using WpFarm.Deployment.Backups;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary>What is said of a farm that is about to be brought up from backups, before anybody is asked.</summary>
internal static class RecoveryTerms
{
    public static void Show(RecoverableFarm found, string what, string left)
    {
        var plan = found.Plan;
        Terminal.Out.WriteLine(what);
        Terminal.Out.WriteLine(
            $"  with    farm.json and {found.Configuration.Secrets.Count} secrets as of {found.Source.Started.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z"
        );
        Terminal.Out.WriteLine(
            $"  from    {string.Join(", then ", plan.Chain.Backups.Select(backup => backup.Id))}{(plan.Logs.Count == 0 ? "" : $", then {plan.Logs.Count} binary logs")}; {plan.Bytes / 1_000_000} MB"
        );
        Terminal.Out.WriteLine(
            $"  to      {plan.Moment.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, GTID {plan.Position}; the uploads as of their last snapshot before that"
        );
        Terminal.Out.WriteLine(
            $"  {left, -8}what was committed since, in {RestoreCommand.Words(plan.Lost(TimeProvider.System.GetUtcNow()).TotalSeconds)}"
        );
        if (plan.Gap is { } gap)
            Terminal.Out.MarkupLineInterpolated($"[yellow]  It does not go further: {gap}[/]");
    }
}
