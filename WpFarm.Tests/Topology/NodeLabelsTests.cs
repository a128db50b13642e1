using WpFarm.Topology;
using WpFarm.Topology.Nodes;

namespace WpFarm.Tests.Topology;

/// <summary>The seed's high availability for every size of swarm: the farm survives the loss of any single node.</summary>
public sealed class NodeLabelsTests
{
    public static TheoryData<int> Sizes => [.. Enumerable.Range(3, 18)];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Three_edge_nodes_take_visitors(int nodes) => Assert.True(Holders(nodes, NodeRole.Edge) >= 3);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void No_node_takes_the_majority_of_the_managers(int nodes)
    {
        var managers = NodePlan.Of(nodes).Count(node => node.Manager);

        Assert.True(managers % 2 == 1, $"{managers} managers bear no more than {managers - 1}");
        Assert.True(managers - 1 > managers / 2.0);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_Orchestrator_has_another_place_when_its_node_is_lost(int nodes)
    {
        var orchestrator = TestFarms.OnNodes(nodes).Find("orchestrator")!;

        Assert.Empty(orchestrator.Mounts);
        Assert.Null(orchestrator.Placement.Role);
        Assert.True(orchestrator.Placement.Manager);
        Assert.True(NodePlan.Of(nodes).Count(node => node.Manager) > 1);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void No_node_takes_the_writer_and_its_standby(int nodes)
    {
        var placed = Place(nodes);

        Assert.NotEqual(placed.Holder("mariadb-p1"), placed.Holder("mariadb-p2"));
        Assert.All(placed.Nodes, lost =>
            Assert.Contains(["mariadb-p1", "mariadb-p2"], primary =>
                placed.Holder(primary) != lost && Others(primary).Exists(other => placed.Holder(other) != lost)
            )
        );

        static List<string> Others(string primary) =>
            [.. new[] { "mariadb-p1", "mariadb-p2", "mariadb-r1", "mariadb-r2" }.Where(server => server != primary)];
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void No_node_takes_the_majority_of_the_Redis_masters(int nodes)
    {
        var placed = Place(nodes);

        Assert.All(placed.Nodes, lost =>
            Assert.True(new[] { "redis-1", "redis-2", "redis-3" }.Count(master => placed.Holder(master) == lost) <= 1)
        );
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void No_node_takes_all_containers_of_a_tier_or_of_the_request_path(int nodes)
    {
        var farm = TestFarms.OnNodes(nodes);

        foreach (
            var service in farm
                .Services.Where(s => s.Layer is Layer.Application or Layer.ReverseProxy || s.Name is "varnish" or "db-proxy")
                // Pages are answered without the mail server; its queue is on one node.
                .Where(s => !s.IsJob && s.Name is not ("wordpress-scratch" or "mail"))
        )
        {
            var able = Holders(nodes, service.Placement.Role!.Value);
            Assert.True(able >= 2, $"{service.Name} has {able} node");
            Assert.True(service.Placement.Global || service.Replicas.Min >= 2, $"{service.Name} is there once");
            // Pools carry the load, and all of it must fit on the remaining nodes. Of other services one container is enough.
            var left = service.Placement.MaxPerNode * (able - 1);
            Assert.True(
                service.Placement.Global || left >= (service.Name.StartsWith("pool-", StringComparison.Ordinal) ? service.Replicas.Max : 1),
                $"{service.Name} does not fit on what is left"
            );
        }
    }

    [Fact]
    public void Labels_that_are_there_stay_where_they_are()
    {
        var farm = TestFarms.OnNodes(3);
        var labelled = new LabelledNode("b", Manager: true, new HashSet<string> { "wpfarm.db", "wpfarm.volume.mariadb-p1" });

        var missing = NodeLabels.Missing(farm, [new("a", true, new HashSet<string>()), labelled, new("c", true, new HashSet<string>())]);

        Assert.DoesNotContain(missing, m => m.Label is "wpfarm.volume.mariadb-p1" or "wpfarm.db");
        Assert.All(missing.Where(m => m.Label.StartsWith("wpfarm.volume.mariadb", StringComparison.Ordinal)), m =>
            Assert.Equal("b", m.Node)
        );
    }

    [Fact]
    public void A_swarm_that_has_all_labels_misses_none()
    {
        var farm = TestFarms.OnNodes(7);
        var bare = TestFarms.BareNodes(7);
        var labels = NodeLabels.Missing(farm, bare).ToLookup(m => m.Node, m => m.Label);

        Assert.Empty(NodeLabels.Missing(farm, [.. bare.Select(node => node with { Labels = labels[node.Name].ToHashSet() })]));
    }

    [Fact]
    public void A_volume_on_two_nodes_is_a_problem_that_says_where_and_what_to_do()
    {
        var label = new HashSet<string> { "wpfarm.volume.mariadb-p1" };

        var problem = Assert.Single(NodeLabels.Ambiguous(TestFarms.OnNodes(3), [new("a", true, label), new("b", true, label)]));

        Assert.Contains("is on a and b", problem, StringComparison.Ordinal);
        Assert.Contains("docker node update --label-rm", problem, StringComparison.Ordinal);
    }

    private static int Holders(int nodes, NodeRole role) => NodePlan.Of(nodes).Count(node => node.Roles.Contains(role));

    private static Placed Place(int nodes) => new(NodeLabels.Missing(TestFarms.OnNodes(nodes), TestFarms.BareNodes(nodes)));

    private sealed record Placed(IReadOnlyList<MissingLabel> Labels)
    {
        public IEnumerable<string> Nodes => Labels.Select(label => label.Node).Distinct();

        public string Holder(string volume) => Labels.Single(label => label.Label == NodeLabels.OfVolume(volume)).Node;
    }
}
