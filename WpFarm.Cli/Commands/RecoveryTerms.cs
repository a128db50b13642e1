using Spectre.Console;
using WpFarm.Deployment.Backups;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary>Shows how a farm will be recovered or cloned, before the operator is asked for consent.</summary>
internal static class RecoveryTerms
{
    public static void Show(RecoverableFarm found, string what, string left)
    {
        var plan = found.Plan;
        Terminal.Out.WriteLine(what);
        Terminal.Out.WriteLine(
            $"  with    farm.json and {found.Configuration.Secrets.Count} secrets " + $"as of {FarmTables.Time(found.Source.Started)}"
        );
        Terminal.Out.WriteLine(
            $"  from    {string.Join(", then ", plan.Chain.Backups.Select(backup => backup.Id))}"
                + $"{(plan.Logs.Count == 0 ? "" : $", then {plan.Logs.Count} binary logs")}; {plan.Bytes / 1_000_000} MB"
        );
        Terminal.Out.WriteLine(
            $"  to      {FarmTables.Time(plan.Moment)}, GTID {plan.Position}; uploads as of their last snapshot before that"
        );
        Terminal.Out.WriteLine(
            $"  {left, -8}everything committed since then ({RestoreCommand.Words(plan.Lost(TimeProvider.System.GetUtcNow()).TotalSeconds)})"
        );
        if (plan.Gap is { } gap)
            Terminal.Out.MarkupLineInterpolated($"[yellow]  Nothing later can be restored: {gap}[/]");
    }
}
