using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Backups;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm drill</c>: tests whether the backups can be restored. The Orchestrator does this each week.</summary>
internal static class DrillCommand
{
    private static readonly Option<bool> s_list = new("--list") { Description = "List past drills, and run none." };

    public static Command Create() =>
        FarmCommand.Create(
            "drill",
            "Restore the latest backups to a random moment into the scratch server, and check the result. Visitors are not affected.",
            RunAsync,
            s_list,
            SharedOptions.Name,
            SharedOptions.File
        );

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        if (!parsed.GetValue(s_list))
            await FarmProgress.ShowAsync(progress =>
                new BackupWatch(orchestrator, progress).RunAsync(() => orchestrator.SendAsync(BackupRoutes.Drill, cancel), cancel)
            );
        var table = FarmTables.Table("Drill", "To", "RPO", "RTO", "Tables", "Sites", "Uploads", "Outcome…");
        foreach (var drill in (await orchestrator.SendAsync(BackupRoutes.Drills, cancel)).Take(parsed.GetValue(s_list) ? int.MaxValue : 1))
            table.AddRow(
                Moment(drill.Began),
                Moment(drill.To),
                Seconds(drill.RpoSeconds),
                Seconds(drill.RtoSeconds),
                $"{drill.Tables}",
                $"{drill.Sites}",
                $"{drill.Uploads}",
                Markup.Escape(drill.Failure ?? "good")
            );
        Terminal.Out.Write(table);
        return ExitCode.Ok;
    }

    private static string Moment(DateTimeOffset? moment) => moment is { } at ? FarmTables.Time(at) : "";

    private static string Seconds(double? seconds) =>
        seconds is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value:0.0} s") : "";
}
