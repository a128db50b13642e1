using WpFarm.Topology;
using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Nodes;

namespace WpFarm.Tests.Topology;

/// <summary>Farms that several tests use.</summary>
internal static class TestFarms
{
    public const string Project = "wpfarm-golden";

    public static Farm OneBox { get; } = Farm.Build(new FarmOptions());

    /// <summary>A farm.json as an operator would write it for the given number of nodes.</summary>
    public static Farm OnNodes(int nodes, int sites = 2) => Farm.Build(Options(nodes, sites));

    public static FarmOptions Options(int nodes, int sites = 2) =>
        new()
        {
            Domain = "farm.example.com",
            Registry = "registry.example.com/wpfarm",
            Swarm = new() { Nodes = nodes },
            Storage = new() { Uploads = UploadsKind.Nfs, NfsExport = "10.0.0.5:/export/uploads" },
            Sites = Enumerable
                .Range(1, sites)
                .ToDictionary(number => $"site-{number:000}", number => new SiteOptions { Tier = number % 10 == 0 ? "silver" : "bronze" }),
        };

    public static List<LabelledNode> BareNodes(int count) =>
        [.. NodePlan.Of(count).Select(node => new LabelledNode($"node{node.Number:00}", node.Manager, new HashSet<string>()))];
}
