using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using WpFarm.Deployment;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;
using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Planning;

namespace WpFarm.Cli.Commands;

internal static class PlanCommand
{
    private static readonly Option<int?> s_sites = new("--sites", "-s")
    {
        Description = "Number of sites. Default: those of farm.json.",
        HelpName = "N",
    };
    private static readonly Option<string> s_tier = new("--tier", "-t")
    {
        Description = "Tier of the sites.",
        DefaultValueFactory = _ => "bronze",
        HelpName = "TIER",
    };
    private static readonly Option<string> s_size = new("--node")
    {
        Description = $"Size of a node: {string.Join(", ", NodeSize.All.Select(s => $"{s.Name} ({s.Cpus} cores, {s.Memory})"))}.",
        DefaultValueFactory = _ => "large",
        HelpName = "SIZE",
    };
    private static readonly Option<int?> s_nodes = new("--nodes")
    {
        Description = "Exact number of nodes. Default: as many as the sites need.",
        HelpName = "N",
    };
    private static readonly Option<int?> s_views = new("--views-per-day")
    {
        Description = "Page views per day of one site.",
        HelpName = "N",
    };
    private static readonly Option<double?> s_hits = new("--hit-ratio")
    {
        Description = "Fraction of the page views that the page cache answers, 0 to 1.",
        HelpName = "RATIO",
    };
    private static readonly Option<string?> s_output = new("--output", "-o")
    {
        Description = "Write the nodes with their roles and services into a file, as JSON.",
        HelpName = "FILE",
    };
    private static readonly Option<bool> s_apply = new("--apply")
    {
        Description = "Write nodes, replicas and sizes into farm.json. Keeps comments.",
    };

    private static readonly JsonSerializerOptions s_format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Command Create() =>
        FarmCommand.Create(
            "plan",
            "Calculate how many nodes a number of sites needs, what runs where, and what it costs. Exits with 1 when the sites do not fit.",
            RunAsync,
            s_sites,
            s_tier,
            s_size,
            s_nodes,
            s_views,
            s_hits,
            s_output,
            s_apply,
            SharedOptions.File
        );

    private static Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var options = FarmRunbook.ReadFarmFile(parsed.FarmFile());
        var plan = Plan(parsed, options);
        Show(plan);
        if (parsed.GetValue(s_output) is { } file)
            File.WriteAllText(
                file,
                JsonSerializer.Serialize(
                    plan.Nodes.Select(node => new
                    {
                        Name = $"node{node.Plan.Number}",
                        node.Plan.Manager,
                        node.Plan.Roles,
                        Services = node.Services.Select(s => s.Name).Order(StringComparer.Ordinal),
                    }),
                    s_format
                ) + "\n"
            );
        if (plan.Shortfalls.Count > 0)
        {
            foreach (var shortfall in plan.Shortfalls)
                Terminal.Error.MarkupLineInterpolated($"[red]does not fit[/] {shortfall}");
            return Task.FromResult(ExitCode.Failed);
        }

        if (parsed.GetValue(s_apply))
            Apply(parsed.FarmFile(), plan);
        return Task.FromResult(ExitCode.Ok);
    }

    private static CapacityPlan Plan(ParseResult parsed, FarmOptions options)
    {
        var sites = parsed.GetValue(s_sites) ?? options.Sites.Count;
        var tier = parsed.GetRequiredValue(s_tier);
        var size = NodeSize.All.FirstOrDefault(s => s.Name == parsed.GetRequiredValue(s_size));
        var nodes = parsed.GetValue(s_nodes);
        var hits = parsed.GetValue(s_hits);
        string[] problems =
        [
            .. sites is < 1 or > Workload.MostSites
                ? [$"--sites {sites}: must be 1 to {Workload.MostSites}. Beyond that, run several farms."]
                : Array.Empty<string>(),
            .. options.Tiers.ContainsKey(tier)
                ? Array.Empty<string>()
                : [$"--tier {tier}: is not a tier of {parsed.FarmFile()}. Tiers: {string.Join(", ", options.Tiers.Keys)}."],
            .. size is null
                ?
                [
                    $"--node {parsed.GetRequiredValue(s_size)}: is not a size. "
                        + $"Sizes: {string.Join(", ", NodeSize.All.Select(s => s.Name))}.",
                ]
                : Array.Empty<string>(),
            .. nodes is < 1 or > 100 ? [$"--nodes {nodes}: must be 1 to 100."] : Array.Empty<string>(),
            .. parsed.GetValue(s_views) is < 1 ? ["--views-per-day: must be 1 or more."] : Array.Empty<string>(),
            .. hits is < 0 or > 1 ? ["--hit-ratio: must be 0 to 1."] : Array.Empty<string>(),
        ];
        if (problems.Length > 0)
            throw new InvalidInputException(problems);

        var workload = new Workload(sites, tier);
        workload = workload with { ViewsPerDay = parsed.GetValue(s_views) ?? workload.ViewsPerDay, HitRatio = hits ?? workload.HitRatio };
        return CapacityPlan.For(workload, options, size!, nodes);
    }

    private static void Show(CapacityPlan plan)
    {
        var figures = FarmTables.Table("Figure", "Value", "From…");
        foreach (var figure in plan.Figures)
            figures.AddRow(
                Markup.Escape(figure.Name),
                figure.Value.ToString(figure.Value < 10 ? "0.##" : "#,0", CultureInfo.InvariantCulture),
                Markup.Escape(figure.Formula)
            );
        Terminal.Out.Write(figures);

        var nodes = FarmTables.Table("Node", "Roles", "CPU", "Memory", "Services…");
        foreach (var node in plan.Nodes)
            nodes.AddRow(
                $"{node.Plan.Number}{(node.Plan.Manager ? " manager" : "")}",
                Markup.Escape(string.Join(' ', node.Plan.Roles).ToLowerInvariant()),
                string.Create(CultureInfo.InvariantCulture, $"{node.Cpu:0.0} of {plan.Size.Cpus}"),
                $"{node.Memory.Megabytes} of {node.MemoryLimit.Megabytes} MB",
                Markup.Escape(
                    string.Join(
                        ' ',
                        node.Services.GroupBy(s => s.Name)
                            .OrderBy(g => g.Key, StringComparer.Ordinal)
                            .Select(g => g.Count() > 1 ? $"{g.Key}×{g.Count()}" : g.Key)
                    )
                )
            );
        Terminal.Out.Write(nodes);
        Terminal.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{plan.Workload.Sites} sites on {plan.Nodes.Count} {plan.Size.Name} nodes ({plan.Size.Cpus} cores, {plan.Size.Memory}): "
                    + $"${plan.CostPerMonth:0} a month, ${plan.CostPerMonth / plan.Workload.Sites:0.00} a site"
            )
        );
    }

    private static void Apply(string path, CapacityPlan plan)
    {
        var (options, tier) = (plan.Options, plan.Workload.Tier);
        (string Key, string Json)[] values =
        [
            ("swarm.nodes", $"{options.Swarm.Nodes}"),
            ($"tiers.{tier}.replicas.min", $"{options.Tiers[tier].Replicas.Min}"),
            ($"tiers.{tier}.replicas.max", $"{options.Tiers[tier].Replicas.Max}"),
            ("database.memory", $"\"{options.Database.Memory}\""),
            ("caching.redis", $"\"{options.Caching.Redis}\""),
            ("caching.varnish", $"\"{options.Caching.Varnish}\""),
        ];
        FarmRunbook.Change(path, values);
        Terminal.Error.MarkupLineInterpolated($"[grey]{path}: set {string.Join(", ", values.Select(value => value.Key))}[/]");
    }
}
