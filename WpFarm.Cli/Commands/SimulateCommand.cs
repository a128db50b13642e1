using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using WpFarm.Cli.Display;
using WpFarm.Deployment;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;
using WpFarm.Scaling.Simulation;
using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Planning;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm scale simulate</c>: simulates days of the autoscaler's decisions in seconds.</summary>
internal static class SimulateCommand
{
    private static readonly Option<string?> s_traffic = new("--traffic")
    {
        Description =
            $"A recording (CSV: seconds,pages,databaseMs), or one of {string.Join(", ", NamedTraffic.Names)}. Default: all of these.",
        HelpName = "FILE|NAME",
    };
    private static readonly Option<string> s_tier = new("--tier", "-t")
    {
        Description = "The tier whose settings and containers are simulated.",
        DefaultValueFactory = _ => "bronze",
        HelpName = "TIER",
    };
    private static readonly Option<int> s_sites = new("--sites", "-s")
    {
        Description = "Number of sites of the synthetic traffic.",
        DefaultValueFactory = _ => 500,
        HelpName = "N",
    };
    private static readonly Option<int> s_seed = new("--seed")
    {
        Description = "Seed of the noise in synthetic traffic.",
        DefaultValueFactory = _ => 1,
        HelpName = "N",
    };
    private static readonly Option<string?> s_plot = new("--plot")
    {
        Description = "Draw load, containers and latency over time. Needs --traffic.",
        HelpName = "FILE.svg",
    };
    private static readonly Option<bool> s_json = new("--json")
    {
        Description = "Print JSON: the results, and every change with its reason.",
    };

    private static readonly JsonSerializerOptions s_format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Command Create() =>
        FarmCommand.Create(
            "simulate",
            "Simulate how farm.json's settings follow days of traffic, compared with Kubernetes' autoscaler and with none. Needs no farm.",
            SimulateAsync,
            s_traffic,
            s_tier,
            s_sites,
            s_seed,
            s_plot,
            s_json,
            SharedOptions.File
        );

    private static Task<int> SimulateAsync(ParseResult parsed, CancellationToken cancel)
    {
        var options = FarmRunbook.ReadFarmFile(parsed.FarmFile());
        var tier = Tier(parsed, options);
        var results = Traffics(parsed).SelectMany(traffic => Comparison.Of(traffic, tier)).ToList();
        if (parsed.GetValue(s_plot) is { } plot)
            File.WriteAllText(plot, SimulationPlot.Draw(results));
        if (parsed.GetValue(s_json))
            Console.WriteLine(JsonSerializer.Serialize(results.Select(result => result with { Moments = [] }), s_format));
        else
            SimulationTable.Write(Terminal.Out, results, forPeople: Terminal.Out.Profile.Out.IsTerminal);
        return Task.FromResult(ExitCode.Ok);
    }

    private static TierOptions Tier(ParseResult parsed, FarmOptions options)
    {
        var (tier, sites) = (parsed.GetRequiredValue(s_tier), parsed.GetValue(s_sites));
        string[] problems =
        [
            .. options.Tiers.ContainsKey(tier)
                ? Array.Empty<string>()
                : [$"--tier {tier}: is not a tier of {parsed.FarmFile()}. Tiers: {string.Join(", ", options.Tiers.Keys)}."],
            .. sites is < 1 or > Workload.MostSites ? [$"--sites {sites}: must be 1 to {Workload.MostSites}."] : Array.Empty<string>(),
            .. parsed.GetValue(s_plot) is not null && parsed.GetValue(s_traffic) is null
                ? ["--plot: needs --traffic, because a plot shows one traffic."]
                : Array.Empty<string>(),
        ];
        return problems.Length == 0 ? options.Tiers[tier] : throw new InvalidInputException(problems);
    }

    private static IEnumerable<Traffic> Traffics(ParseResult parsed)
    {
        var (wanted, sites, seed) = (parsed.GetValue(s_traffic), parsed.GetValue(s_sites), parsed.GetValue(s_seed));
        if (wanted is null)
            return NamedTraffic.Names.Select(name => NamedTraffic.Find(name, sites, seed)!);
        if (NamedTraffic.Find(wanted, sites, seed) is { } named)
            return [named];
        if (!File.Exists(wanted))
            throw new InvalidInputException([$"--traffic {wanted}: is neither a file nor one of {string.Join(", ", NamedTraffic.Names)}."]);
        var (recorded, problems) = RecordedTraffic.Read(Path.GetFileName(wanted), File.ReadAllText(wanted));
        return recorded is null ? throw new InvalidInputException([.. problems.Select(problem => $"{wanted}: {problem}")]) : [recorded];
    }
}
