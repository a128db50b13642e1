using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WpFarm.Orchestrator.Autoscaling;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Orchestrator.Autoscaling;

/// <summary>What is said of read replicas and edge nodes, which only a person adds and removes.</summary>
public sealed class ScalingAdvisorTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 28, 10, 0, 0, TimeSpan.Zero));
    private readonly FakePrometheus _prometheus;
    private ScalingReports _reports = null!;

    public ScalingAdvisorTests()
    {
        _prometheus = new FakePrometheus(_time) { Values = { [Signal.Statements] = 50 }, Counts = { ["Replicas"] = 2, ["Ready"] = 2 } };
    }

    private TierScaling Replicas => _reports.Tiers.Single(part => part.Tier == "read replicas");

    public void Dispose() => _prometheus.Dispose();

    [Fact]
    public async Task Busy_replicas_are_said_to_need_more_with_what_a_person_does_for_it()
    {
        using var advisor = Watching();
        _prometheus.Values[Signal.Statements] = 140;

        await MinutesAsync(advisor, 4);
        Assert.Equal((ScalingMode.Advice, 2), (Replicas.Mode, Replicas.Wanted));
        await MinutesAsync(advisor, 2);

        Assert.Equal((2, 4), (Replicas.Replicas, Replicas.Wanted));
        Assert.Equal(
            "2 → 4: running statements 140 % of the cores, above 70 % of the cores for 5 min (./farm db add-replica)",
            Replicas.Reason
        );
        Assert.Empty(_reports.Changes);
    }

    [Fact]
    public async Task More_than_the_most_are_not_asked_for_but_an_alert_says_that_they_are_needed()
    {
        using var advisor = Watching();
        _prometheus.Values[Signal.Statements] = 300;

        await MinutesAsync(advisor, 6);

        Assert.Equal((4, ScalingAlert.AtMaximum), (Replicas.Wanted, Replicas.Alert));
    }

    [Fact]
    public async Task Idle_replicas_are_said_to_be_too_many_after_the_time_that_farm_json_says()
    {
        using var advisor = Watching(downAfterSeconds: 600);
        _prometheus.Values[Signal.Statements] = 5;

        await MinutesAsync(advisor, 9);
        Assert.Equal((2, "stays at 2: 1 container would do, but 2 were needed within 10 min"), (Replicas.Wanted, Replicas.Reason));
        await MinutesAsync(advisor, 2);

        Assert.Equal(
            (1, "2 → 1: 1 container would have done for 10 min (lower database.readReplicas in farm.json, then ./farm up)"),
            (Replicas.Wanted, Replicas.Reason)
        );
    }

    [Fact]
    public async Task With_a_replica_that_does_not_answer_fewer_are_never_asked_for()
    {
        using var advisor = Watching(downAfterSeconds: 60);
        _prometheus.Values[Signal.Statements] = 1;
        _prometheus.Counts["Ready"] = 1;

        await MinutesAsync(advisor, 5);

        Assert.Equal(2, Replicas.Wanted);
    }

    [Fact]
    public async Task Without_Prometheus_it_says_that_it_sees_nothing()
    {
        using var advisor = Watching();
        _prometheus.IsDown = true;

        await MinutesAsync(advisor, 1);

        Assert.Equal(
            (ScalingAlert.Blind, null, "Connection refused (prometheus:9090)"),
            (Replicas.Alert, Replicas.Wanted, Replicas.Trouble)
        );
    }

    [Fact]
    public async Task What_Prometheus_does_not_know_is_said()
    {
        using var advisor = Watching();
        _prometheus.Counts.Clear();

        await MinutesAsync(advisor, 1);

        Assert.Equal("Prometheus knows of no read replica", Replicas.Trouble);
    }

    [Fact]
    public async Task What_is_not_watched_is_not_looked_at_but_may_be_tried()
    {
        using var advisor = Advisor(new FarmOptions());
        _prometheus.Values[Signal.Statements] = 300;

        await MinutesAsync(advisor, 10);
        Assert.Equal(
            (ScalingMode.Off, null, "not watched: database.scaling.enabled is false"),
            (Replicas.Mode, Replicas.At, Replicas.Reason)
        );

        var tried = Assert.Single(await advisor.TryAsync(CancellationToken.None));
        Assert.Equal("stays at 2: running statements 300 % of the cores is above 70 % of the cores, not yet for 5 min", tried.Reason);
    }

    [Fact]
    public async Task Of_a_swarm_edge_nodes_are_spoken_of_too()
    {
        using var advisor = Advisor(
            new FarmOptions
            {
                Swarm = new() { Nodes = 3 },
                Edge = new() { Scaling = new() { Enabled = true } },
                Database = new() { Scaling = new() { Enabled = true } },
                Storage = new() { Uploads = UploadsKind.Path, UploadsPath = "/mnt/uploads" },
            }
        );
        _prometheus.Values[Signal.Cpu] = 90;
        _prometheus.Values[Signal.Statements] = 90;

        await MinutesAsync(advisor, 6);

        Assert.EndsWith("(raise database.readReplicas in farm.json, then ./farm deploy)", Replicas.Reason, StringComparison.Ordinal);
        var edge = _reports.Tiers[^1];
        Assert.Equal(("edge nodes", 3), (edge.Tier, edge.Wanted));
        Assert.EndsWith(
            "(docker node update --label-add wpfarm.edge=true NODE, and lead visitors to it)",
            edge.Reason,
            StringComparison.Ordinal
        );
        Assert.Contains("""process_cpu_seconds_total{job="traefik"}""", _prometheus.Asked, StringComparison.Ordinal);
    }

    private ScalingAdvisor Watching(int downAfterSeconds = 86400) =>
        Advisor(
            new FarmOptions
            {
                Database = new()
                {
                    Scaling = new() { Enabled = true, DownAfterSeconds = downAfterSeconds },
                },
            }
        );

    private ScalingAdvisor Advisor(FarmOptions options)
    {
        var farm = Farm.Build(options);
        _reports = new ScalingReports(farm);
        return new ScalingAdvisor(farm, _prometheus.Client, _reports, Options.Create(new AutoscalingOptions()), _time);
    }

    private async Task MinutesAsync(ScalingAdvisor advisor, int count)
    {
        for (var look = 0; look < count * 4; look++)
        {
            _time.Advance(TimeSpan.FromSeconds(15));
            await advisor.TickAsync(CancellationToken.None);
        }
    }
}
