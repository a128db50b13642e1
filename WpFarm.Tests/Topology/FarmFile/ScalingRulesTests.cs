using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology.FarmFile;

public sealed class ScalingRulesTests
{
    [Fact]
    public void The_defaults_are_the_seeds_thresholds_and_times_and_off()
    {
        var scaling = Read("{}").Options!.Tiers["gold"].Scaling;

        Assert.False(scaling.Enabled);
        Assert.Equal(
            (70, 300, 80, 300, 500),
            (
                scaling.Signals.Cpu.Above,
                scaling.Signals.Cpu.Seconds,
                scaling.Signals.Memory.Above,
                scaling.Signals.Memory.Seconds,
                scaling.Signals.Latency.Above
            )
        );
    }

    [Fact]
    public void A_signal_of_a_new_tier_changes_only_the_keys_it_names()
    {
        var busy = Read(Scaling("""{"signals": {"busy": {"above": 50}}}""").Replace("gold", "platinum", StringComparison.Ordinal))
            .Options!.Tiers["platinum"]
            .Scaling.Signals.Busy;

        Assert.Equal((50, 15), (busy.Above, busy.Seconds));
    }

    [Theory]
    [InlineData("""{"enabled": 1}""", "enabled: must be true or false, not 1.")]
    [InlineData(
        """{"signals": {"memroy": {}}}""",
        "signals.memroy: is not a key. Did you mean 'memory'? Keys here: cpu, memory, latency, queue, busy."
    )]
    [InlineData("""{"signals": {"cpu": {"above": 0}}}""", "signals.cpu.above: must be from 10 to 95, not 0.")]
    [InlineData("""{"signals": {"latency": {"above": -1}}}""", "signals.latency.above: must be from 0 to 60000, not -1.")]
    [InlineData("""{"signals": {"queue": {"seconds": 4000}}}""", "signals.queue.seconds: must be from 0 to 3600, not 4000.")]
    [InlineData("""{"downAfterSeconds": 5}""", "downAfterSeconds: must be from 60 to 86400, not 5.")]
    [InlineData("""{"schedules": {"night": {}}}""", "schedules.night.start: '' is not a cron expression of five fields")]
    [InlineData(
        """{"schedules": {"night": {"start": "0 25 * * *"}}}""",
        "schedules.night.start: '0 25 * * *' is not a cron expression of five fields"
    )]
    [InlineData(
        """{"schedules": {"night": {"start": "0 22 * * *", "timeZone": "Mars"}}}""",
        "schedules.night.timeZone: 'Mars' is not a time zone of this machine."
    )]
    [InlineData(
        """{"schedules": {"night": {"start": "0 22 * * *", "hours": 0}}}""",
        "schedules.night.hours: must be from 0.25 to 168, not 0."
    )]
    [InlineData(
        """{"schedules": {"night": {"start": "0 22 * * *", "min": "two"}}}""",
        "schedules.night.min: must be a whole number, not \"two\"."
    )]
    [InlineData("""{"schedules": {"night": {"start": "0 22 * * *", "min": 5, "max": 3}}}""", "schedules.night: min 5 is more than max 3.")]
    [InlineData("""{"schedules": {"night": {"start": "0 22 * * *", "max": 50}}}""", "schedules.night.max: 50 is more than replicas.max 6")]
    [InlineData(
        """{"schedules": {"night": {"start": "0 22 * * *", "hours": 25}}}""",
        "schedules.night: overlaps itself: it starts again at Sat 2 Jan 22:00, before its 25 hours are over."
    )]
    [InlineData(
        """{"schedules": {"day": {"start": "0 8 * * 1-5", "hours": 10}, "sale": {"start": "0 12 * * 5", "hours": 2}}}""",
        "schedules.sale: overlaps 'day' at Fri 1 Jan 12:00. Change start or hours"
    )]
    public void Bad_input_is_one_clear_message_with_its_key(string scaling, string message)
    {
        Assert.StartsWith(
            $"tiers.gold.scaling.{message}",
            Assert.Single(Read(Scaling(scaling)).Problems).ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Schedules_that_follow_one_another_do_not_overlap_even_when_the_clock_changes()
    {
        const string Berlin = "\"timeZone\": \"Europe/Berlin\"";

        Assert.Empty(
            Read(
                Scaling(
                    $$$"""
                    {"schedules": {
                      "day": {"start": "0 8 * * *", "hours": 12, {{{Berlin}}} },
                      "night": {"start": "0 20 * * *", "hours": 12, {{{Berlin}}} }
                    } }
                    """
                )
            ).Problems
        );
    }

    [Fact]
    public void More_containers_than_the_nodes_hold_are_refused() =>
        Assert.Equal(
            "tiers.gold.replicas.max: 20 containers of 1G do not fit on 1 node for WordPress with 8G (swarm.nodeMemory). Set at most 6.",
            Assert.Single(Read("""{"swarm": {"nodeMemory": "8G"}, "tiers": {"gold": {"replicas": {"max": 20}}}}""").Problems).ToString()
        );

    [Theory]
    [InlineData("""{"database": {"scaling": {"min": 5}}}""", "database.scaling: min 5 is more than max 4.")]
    [InlineData(
        """{"database": {"scaling": {"statements": {"above": 5}}}}""",
        "database.scaling.statements.above: must be from 10 to 1000, not 5."
    )]
    [InlineData(
        """{"database": {"readReplicas": 0, "scaling": {"enabled": true}}}""",
        "database.scaling.enabled: needs database.readReplicas of 1 or more"
    )]
    [InlineData("""{"edge": {"scaling": {"enabled": true}}}""", "edge.scaling.enabled: needs swarm.nodes of 2 or more")]
    [InlineData(
        """{"observability": {"enabled": false}, "database": {"scaling": {"enabled": true}}}""",
        "database.scaling.enabled: needs observability.enabled"
    )]
    public void Of_replicas_and_edge_nodes_bad_input_is_one_clear_message_too(string farm, string message) =>
        Assert.StartsWith(message, Assert.Single(Read(farm).Problems).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Scaling_without_metrics_is_refused() =>
        Assert.StartsWith(
            "tiers.gold.scaling.enabled: needs observability.enabled",
            Assert
                .Single(Read("""{"observability": {"enabled": false}, "tiers": {"gold": {"scaling": {"enabled": true}}}}""").Problems)
                .ToString(),
            StringComparison.Ordinal
        );

    [Fact]
    public void In_a_farm_that_survives_a_node_no_schedule_may_leave_one_container() =>
        Assert.Contains(
            Read(
                """
                {"swarm": {"nodes": 3}, "registry": "r.example.com", "storage": {"uploads": "path", "uploadsPath": "/mnt/u"},
                 "tiers": {"gold": {"scaling": {"schedules": {"night": {"start": "0 22 * * *", "min": 1}}}}}}
                """
            ).Problems,
            problem => problem.Path == "tiers.gold.scaling.schedules.night.min"
        );

    private static string Scaling(string scaling) => $$$"""{"tiers": {"gold": {"scaling": {{{scaling}}} } } }""";

    private static FarmFileResult Read(string text) => FarmFileReader.Read(text, new Dictionary<string, string>());
}
