using System.CommandLine;
using Spectre.Console;
using WpFarm.Chaos.Database;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

internal static class ChaosCommand
{
    private static readonly Option<string[]> s_scenarios = new("--scenario", "-s")
    {
        Description = $"Run only these scenarios: {string.Join(", ", DatabaseChaos.Scenarios.Select(scenario => scenario.Name))}.",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<int> s_rounds = new("--rounds")
    {
        Description = "How many times to run each scenario.",
        DefaultValueFactory = _ => 1,
        HelpName = "N",
    };

    public static Command Create()
    {
        s_scenarios.AcceptOnlyFromAmong([.. DatabaseChaos.Scenarios.Select(scenario => scenario.Name)]);
        var chaos = new Command("chaos", "Inject faults into a running farm on this machine, and check that nothing is lost.");
        chaos.Subcommands.Add(
            FarmCommand.Create(
                "database",
                "Kill, hang and cut off database servers while rows are written, and count lost rows. "
                    + "Sites are without a database for seconds at a time. Needs root.",
                DatabaseAsync,
                s_scenarios,
                s_rounds,
                SharedOptions.Yes,
                SharedOptions.Name,
                SharedOptions.File
            )
        );
        return chaos;
    }

    private static async Task<int> DatabaseAsync(ParseResult parsed, CancellationToken cancel)
    {
        if (!Environment.IsPrivilegedProcess)
            throw new InvalidInputException(
                "chaos: needs root, because it cuts networks and kills processes of containers. Run: sudo ./farm chaos database"
            );
        var (farm, _) = await parsed.Runbook(new NoProgress()).StatusAsync(parsed.FarmFile(), cancel);
        var what = $"inject faults into the database of farm {parsed.Instance().Name}";
        if (!parsed.GetValue(SharedOptions.Yes) && !await Terminal.AskAsync("chaos", what, $"I{what[1..]}?", cancel))
            return ExitCode.Ok;

        var wanted = parsed.GetValue(s_scenarios) is { Length: > 0 } some
            ? some
            : [.. DatabaseChaos.Scenarios.Select(scenario => scenario.Name)];
        var results = await FarmProgress.ShowAsync(async progress =>
        {
            progress.Begin("Chaos");
            var played = new List<ChaosResult>();
            foreach (var name in Enumerable.Range(0, parsed.GetValue(s_rounds)).SelectMany(_ => wanted))
                played.Add(await new DatabaseChaos(farm, parsed.Instance(), progress).RunAsync(name, cancel));
            return played;
        });
        Show(results);
        return results.All(result => result.Failures.Count == 0) ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Show(IReadOnlyList<ChaosResult> results)
    {
        var table = FarmTables.Table("What happens…", "Times", "Without an answer", "Answered", "Lost", "Twice", "Failures…");
        foreach (var scenario in results.GroupBy(result => result.Scenario))
        {
            var outages = scenario.Select(result => result.Outage.TotalSeconds).Order().ToList();
            table.AddRow(
                Markup.Escape(scenario.First().Description),
                $"{outages.Count}",
                outages.Count == 1
                    ? $"{outages[0]:0.0} s"
                    : $"{outages[(outages.Count - 1) / 2]:0.0} s, 95 % {outages[(int)Math.Ceiling(0.95 * outages.Count) - 1]:0.0} s, "
                        + $"worst {outages[^1]:0.0} s",
                $"{scenario.Sum(result => result.Answered)}",
                $"{scenario.Sum(result => result.Lost)}",
                $"{scenario.Sum(result => result.Twice)}",
                Markup.Escape(string.Join("; ", scenario.SelectMany(result => result.Failures).Distinct()))
            );
        }

        Terminal.Out.Write(table);
    }
}
