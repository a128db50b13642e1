using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using WpFarm.Deployment.Audit;
using WpFarm.Deployment.Instance;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm audit</c>: what an operator should mend.</summary>
internal static class AuditCommand
{
    private static readonly Option<bool> s_json = new("--json") { Description = "Print JSON instead of a table." };
    private static readonly Option<bool> s_offline = new("--offline")
    {
        Description = "Ask nothing of the network: leaves out the packages' updates.",
    };

    public static Command Create() =>
        FarmCommand.Create(
            "audit",
            "Look for what should be mended: missing security updates, versions without support, weak keys of farm.json, open ports, "
                + "old secrets, containers with too many privileges. Changes nothing.",
            RunAsync,
            s_json,
            s_offline,
            SharedOptions.Name,
            SharedOptions.File
        );

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var findings = await FarmProgress.ShowAsync(progress =>
            new FarmAudit(RepositoryRoot.Find(), parsed.Instance(), progress, TimeProvider.System).ExamineAsync(
                parsed.FarmFile(),
                parsed.GetValue(s_offline),
                cancel
            )
        );
        if (parsed.GetValue(s_json))
            Console.WriteLine(JsonSerializer.Serialize(findings, ApiJson.Indented));
        else
            Terminal.Out.Write(Table(findings));
        return findings.Any(finding => finding.Verdict is AuditVerdict.Mend) ? ExitCode.Failed : ExitCode.Ok;
    }

    /// <summary>The worst first.</summary>
    private static Table Table(IReadOnlyList<AuditFinding> findings)
    {
        var table = FarmTables.Table("", "Area", "Subject", "Finding…", "To do…");
        foreach (var finding in findings.OrderByDescending(finding => finding.Verdict).ThenBy(finding => finding.Area))
            table.AddRow(
                new Markup(Mark(finding.Verdict)),
                new Text(ApiJson.Word(finding.Area)),
                new Text(finding.Subject),
                new Text(finding.Detail),
                new Text(finding.ToDo ?? "")
            );
        return table;
    }

    private static string Mark(AuditVerdict verdict) =>
        verdict switch
        {
            AuditVerdict.Good => "[green]ok[/]",
            AuditVerdict.Unknown => "[grey]not looked[/]",
            AuditVerdict.Advice => "[yellow]better[/]",
            _ => "[red]mend[/]",
        };
}
