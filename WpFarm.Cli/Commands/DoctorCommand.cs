using System.CommandLine;
using Spectre.Console;
using WpFarm.Deployment.Machine;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

internal static class DoctorCommand
{
    public static Command Create() =>
        FarmCommand.Create(
            "doctor",
            "Examine this machine: engine, versions, ports, disk, memory, kernel. Shows what cannot run here and why.",
            RunAsync,
            SharedOptions.Name,
            SharedOptions.File
        );

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var findings = await parsed.Runbook(new NoProgress()).ExamineAsync(parsed.FarmFile(), cancel);
        var table = new Table { Border = TableBorder.None }.AddColumns("", "Subject", "Finding");
        foreach (var finding in findings)
            table.AddRow(new Markup(Mark(finding.Verdict)), new Text(finding.Subject), new Text(finding.Detail));
        Terminal.Out.Write(table);
        return findings.Any(f => f.Verdict is CheckResult.Bad) ? ExitCode.Failed : ExitCode.Ok;
    }

    private static string Mark(CheckResult verdict) =>
        verdict switch
        {
            CheckResult.Good => "[green]ok[/]",
            CheckResult.Absent => "[grey]–[/]",
            CheckResult.Missing => "[yellow]missing[/]",
            _ => "[red]bad[/]",
        };
}
