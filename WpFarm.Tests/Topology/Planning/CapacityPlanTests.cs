using WpFarm.Topology;
using WpFarm.Topology.Planning;

namespace WpFarm.Tests.Topology.Planning;

public sealed class CapacityPlanTests
{
    private static readonly NodeSize s_large = NodeSize.All.Single(size => size.Name == "large");

    [Fact]
    public void Thirty_sites_fit_on_the_seeds_three_nodes()
    {
        var plan = Plan(sites: 30);

        Assert.Equal(3, plan.Nodes.Count);
        Assert.All(plan.Nodes, node =>
            Assert.Superset(new HashSet<NodeRole> { NodeRole.Edge, NodeRole.App, NodeRole.Db }, node.Plan.Roles.ToHashSet())
        );
        Assert.Contains(NodeRole.Observability, plan.Nodes[^1].Plan.Roles);
    }

    [Fact]
    public void Some_hundred_sites_need_the_seeds_five_nodes_or_more()
    {
        var plan = Plan(sites: 250);

        Assert.InRange(plan.Nodes.Count, 5, 9);
        Assert.Equal([4, 5], NodesOf(plan, NodeRole.Db));
    }

    [Fact]
    public void Five_hundred_sites_fit_on_ten_to_fifteen_nodes_with_dedicated_databases_caches_and_storage()
    {
        var plan = Plan(sites: 500);

        Assert.InRange(plan.Nodes.Count, 10, 15);
        Assert.InRange(Dedicated(NodeRole.Db), 3, 4);
        Assert.InRange(Dedicated(NodeRole.Cache), 2, 3);
        Assert.InRange(NodesOf(plan, NodeRole.Storage).Count, 2, 3);

        int Dedicated(NodeRole role) => plan.Nodes.Count(node => node.Plan.Roles is [var only] && only == role);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(1000)]
    public void More_sites_never_need_less(int sites)
    {
        var (fewer, more) = (Plan(sites), Plan(sites + 50));

        Assert.True(more.Nodes.Count >= fewer.Nodes.Count);
        Assert.All(fewer.Figures.Zip(more.Figures), pair => Assert.True(pair.Second.Value >= pair.First.Value, pair.First.Name));
    }

    [Fact]
    public void Every_service_has_its_place_on_a_node_of_its_role()
    {
        var plan = Plan(sites: 500);

        Assert.All(plan.Nodes, node =>
            Assert.All(node.Services, service =>
                Assert.True(service.Placement.Role is not { } role || node.Plan.Roles.Contains(role), service.Name)
            )
        );
        Assert.Equal(
            5,
            plan.Nodes.SelectMany(node => node.Services).Count(service => service.Name.StartsWith("mariadb-", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void What_does_not_fit_is_said_with_the_resource_and_by_how_much()
    {
        var plan = CapacityPlan.For(new Workload(5000, "bronze"), TestFarms.Options(3), s_large);

        Assert.Contains(plan.Shortfalls, shortfall => shortfall.Contains("MB more than fit", StringComparison.Ordinal));
    }

    private static CapacityPlan Plan(int sites) => CapacityPlan.For(new Workload(sites, "bronze"), TestFarms.Options(3), s_large);

    private static List<int> NodesOf(CapacityPlan plan, NodeRole role) =>
        [.. plan.Nodes.Where(node => node.Plan.Roles.Contains(role)).Select(node => node.Plan.Number)];
}
