using WpFarm.Deployment.Compose.Changing;
using WpFarm.Tests.Topology.FarmFile;
using WpFarm.Topology;

namespace WpFarm.Tests.Deployment.Compose.Changing;

/// <summary>What <c>./farm up</c> does to a farm in use. The edge is HAProxy, as where no upstream image can be pulled.</summary>
public sealed class ChangePlanTests : IDisposable
{
    private readonly RunningFarm _running = new(FarmOf("{}"));

    /// <summary>Keys that replace the edge's container, because only one container can own a port of the machine.</summary>
    private static readonly string[] s_edgeIsReplaced = ["edge.httpPort", "edge.httpsPort", "edge.tls"];

    public static TheoryData<string> Keys => [.. FarmKey.All.Select(key => key.Path).Except(KeyCases.Checked.Keys)];

    public void Dispose() => _running.Dispose();

    [Fact]
    public void The_same_farm_json_changes_nothing() => Assert.Empty(_running.PlanFor(FarmOf("{}")));

    [Fact]
    public void A_site_more_is_taken_up_by_those_that_run_from_the_inside_to_the_edge()
    {
        var plan = _running.PlanFor(
            FarmOf(
                """
                {"sites": {"blog": {"title": "The Blog", "tier": "bronze"}, "shop": {"title": "The Shop", "tier": "silver"},
                  "news": {"tier": "bronze"}}}
                """
            )
        );

        Assert.Equal(
            [
                ("orchestrator", ServiceAction.Replace, "farm.json"),
                ("pool-bronze", ServiceAction.Reload, "farm.php, sites.map"),
                ("pool-silver", ServiceAction.Reload, "farm.php, sites.map"),
                ("wordpress-install", ServiceAction.RunAgain, "farm.php"),
                ("mail", ServiceAction.Reload, "sites, senders, captured, returned"),
                ("wordpress-scratch", ServiceAction.Reload, "farm.php, sites.map"),
                ("haproxy", ServiceAction.Reload, "hosts.map"),
            ],
            plan.Select(change => (change.Service, change.Action, string.Join(", ", change.Because)))
        );
    }

    [Fact]
    public void A_tier_of_its_own_is_there_before_the_edge_leads_to_it_and_one_without_sites_goes_last()
    {
        var plan = _running.PlanFor(FarmOf("""{"sites": {"blog": {"tier": "bronze"}, "shop": {"tier": "gold"}}}""")).ToList();

        Assert.True(
            plan.FindIndex(change => change is { Service: "pool-gold", Action: ServiceAction.Start })
                < plan.FindIndex(change => change is { Service: "haproxy", Action: ServiceAction.Reload })
        );
        Assert.Equal(("pool-silver", ServiceAction.Remove), (plan[^1].Service, plan[^1].Action));
    }

    [Fact]
    public void Another_image_replaces_what_has_data_in_turn_and_what_has_none_the_new_one_first_and_the_edge_last()
    {
        var actions = _running.PlanFor(FarmOf("{}"), tag: "another").ToDictionary(change => change.Service, change => change.Action);

        Assert.All(["mariadb-p1", "mariadb-r2", "redis-1", "redis-6", "memcached"], name =>
            Assert.Equal(ServiceAction.InTurn, actions[name])
        );
        Assert.All(["pool-bronze", "pool-silver", "varnish", "db-proxy"], name => Assert.Equal(ServiceAction.StartFirst, actions[name]));
        Assert.All(["orchestrator", "prometheus", "mariadb-scratch", "uploads-backup"], name =>
            Assert.Equal(ServiceAction.Replace, actions[name])
        );
        Assert.Equal(("haproxy", ServiceAction.ReplaceEdge), (actions.Last().Key, actions.Last().Value));
    }

    [Fact]
    public void What_is_gone_is_started()
    {
        _running.Lose("varnish");

        Assert.Equal([("varnish", ServiceAction.Start)], _running.PlanFor(FarmOf("{}")).Select(change => (change.Service, change.Action)));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void No_key_takes_the_edge_away_but_its_ports_and_TLS(string key)
    {
        Assert.Equal(s_edgeIsReplaced.Contains(key), Plan(key).Any(change => change.Action is ServiceAction.ReplaceEdge));
    }

    /// <summary>The effect of a change of a key, in a farm where the key matters.</summary>
    internal static IReadOnlyList<PlannedChange> Plan(string key)
    {
        var (before, after) = ChangedKey.FarmFiles(key);
        using var running = new RunningFarm(FarmOf(before));
        return running.PlanFor(FarmOf(after));
    }

    private static Farm FarmOf(string farmFile) => Farm.Build(ChangedKey.Valid(farmFile), UpstreamImages.All.ToHashSet());
}
