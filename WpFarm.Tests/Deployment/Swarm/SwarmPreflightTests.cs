using WpFarm.Deployment.Swarm;
using WpFarm.Tests.Topology;
using WpFarm.Topology;

namespace WpFarm.Tests.Deployment.Swarm;

public sealed class SwarmPreflightTests
{
    private const string Project = TestFarms.Project;

    [Fact]
    public void No_engine_no_swarm_and_a_worker_each_have_their_message()
    {
        Assert.Contains("no engine answers", Assert.Single(SwarmPreflight.OfEngine(null)), StringComparison.Ordinal);
        Assert.Contains(
            "docker swarm init",
            Assert.Single(SwarmPreflight.OfEngine(new("host", InSwarm: false, IsManager: false))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "is not a manager",
            Assert.Single(SwarmPreflight.OfEngine(new("host", InSwarm: true, IsManager: false))),
            StringComparison.Ordinal
        );
        Assert.Empty(SwarmPreflight.OfEngine(new("host", InSwarm: true, IsManager: true)));
    }

    [Fact]
    public void Too_few_nodes_and_managers_for_the_availability_that_is_asked_for_are_said_at_once()
    {
        var problems = SwarmPreflight.OfNodes(TestFarms.OnNodes(3), Nodes(("a", true, true), ("b", false, true)), label: true).ToList();

        Assert.Contains(problems, problem => problem.Contains("has 2 usable nodes", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("docker node promote b", StringComparison.Ordinal));
    }

    [Fact]
    public void A_node_that_is_drained_or_down_does_not_count() =>
        Assert.Contains(
            SwarmPreflight.OfNodes(TestFarms.OnNodes(3), Nodes(("a", true, true), ("b", true, true), ("c", true, false)), label: true),
            problem => problem.Contains("has 2 usable nodes", StringComparison.Ordinal)
        );

    [Fact]
    public void Each_missing_label_comes_with_the_command_that_sets_it()
    {
        var problems = SwarmPreflight
            .OfNodes(TestFarms.OnNodes(3), Nodes(("a", true, true), ("b", true, true), ("c", true, true)), label: false)
            .ToList();

        Assert.Contains(problems, problem =>
            problem.EndsWith("docker node update --label-add wpfarm.edge=true a", StringComparison.Ordinal)
        );
        Assert.Empty(
            SwarmPreflight.OfNodes(TestFarms.OnNodes(3), Nodes(("a", true, true), ("b", true, true), ("c", true, true)), label: true)
        );
    }

    [Fact]
    public void Another_secret_than_the_swarms_is_refused_unless_it_is_meant()
    {
        Assert.Contains("differs from the swarm's", Assert.Single(Secrets(here: "bbbbbb", replace: false)), StringComparison.Ordinal);
        Assert.Empty(Secrets(here: "aaaaaa", replace: false));
        Assert.Empty(Secrets(here: "bbbbbb", replace: true));
    }

    [Fact]
    public void A_swarm_whose_secrets_are_not_here_is_not_given_new_ones() =>
        Assert.Contains("is in the swarm but not in", Assert.Single(Secrets(here: null, replace: true)), StringComparison.Ordinal);

    [Fact]
    public void Another_machine_needs_a_registry()
    {
        Assert.Single(SwarmPreflight.OfRegistry(TestFarms.OneBox, isElsewhere: true));
        Assert.Empty(SwarmPreflight.OfRegistry(TestFarms.OneBox, isElsewhere: false));
        Assert.Empty(SwarmPreflight.OfRegistry(TestFarms.OnNodes(3), isElsewhere: true));
    }

    private static IEnumerable<string> Secrets(string? here, bool replace)
    {
        var versions = here is null ? [] : new Dictionary<string, string> { [Secret.SitesKey] = here };
        return SwarmPreflight.OfSecrets(
            TestFarms.OnNodes(3),
            Project,
            versions,
            [SwarmManifest.SecretName(Project, Secret.SitesKey, "aaaaaa")],
            "secrets",
            replace
        );
    }

    private static List<NodeState> Nodes(params (string Name, bool Manager, bool Usable)[] nodes) =>
        [.. nodes.Select(node => new NodeState(node.Name, node.Manager, node.Usable, new Dictionary<string, string>()))];
}
