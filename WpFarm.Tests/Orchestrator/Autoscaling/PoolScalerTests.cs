using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Autoscaling;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Procedures;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;
using static WpFarm.Tests.Orchestrator.Database.TestServers;

namespace WpFarm.Tests.Orchestrator.Autoscaling;

/// <summary>Decisions and their effects, on a farm whose tier silver follows its load and whose tier bronze does not.</summary>
public sealed class PoolScalerTests : IDisposable
{
    private static readonly Farm s_farm = Farm.Build(
        new FarmOptions
        {
            Tiers = new Dictionary<string, TierOptions>
            {
                ["bronze"] = new(),
                ["silver"] = new()
                {
                    Replicas = new() { Min = 2, Max = 6 },
                    Scaling = new() { Enabled = true, DownAfterSeconds = 60 },
                },
            },
        }
    );

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 28, 10, 0, 0, TimeSpan.Zero));
    private readonly FakePoolEngine _engine = new(running: 2, spares: 4);
    private readonly FakePrometheus _prometheus;
    private readonly DatabaseState _database = new();
    private readonly ScalingReports _reports = new(s_farm);
    private readonly Turn _turn = new();
    private readonly PoolScaler _scaler;

    public PoolScalerTests()
    {
        _prometheus = new FakePrometheus(_time);
        Database(new ClusterState { Writer = P1 });
        _scaler = Scaler();
    }

    private TierScaling Silver => _reports.Tiers.Single(tier => tier.Tier == "silver");

    public void Dispose()
    {
        _scaler.Dispose();
        _engine.Dispose();
        _prometheus.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task What_the_load_asks_for_is_started_and_said_why()
    {
        _prometheus.Values[Signal.Queue] = 6;

        await TickAsync();

        Assert.Equal([1, 2, 3, 4, 5, 6], _engine.Running);
        var change = Assert.Single(_reports.Changes);
        Assert.Equal((2, 6, ScaledBy.Load, null), (change.From, change.To, change.By, change.Failure));
        Assert.StartsWith("2 → 6: the queue 3 a container", change.Reason, StringComparison.Ordinal);
        Assert.Equal((ScalingMode.On, change.Reason), (Silver.Mode, Silver.Reason));
    }

    [Fact]
    public async Task When_it_is_quiet_again_they_drain_step_by_step()
    {
        _prometheus.Values[Signal.Queue] = 6;
        await TickAsync();
        _prometheus.Values[Signal.Queue] = 0;
        _prometheus.Values[Signal.Cpu] = 10;
        _prometheus.Values[Signal.Busy] = 5;

        for (var look = 0; look < 20; look++)
            await TickAsync();

        Assert.Equal([1, 2], _engine.Running);
        Assert.Equal([(6, 3), (3, 2)], _reports.Changes.Reverse().Skip(1).Select(change => (change.From, change.To)));
    }

    [Fact]
    public async Task A_tier_that_is_not_scaled_is_left_alone()
    {
        await TickAsync();

        Assert.Equal(
            (ScalingMode.Off, null),
            (_reports.Tiers.Single(tier => tier.Tier == "bronze").Mode, _reports.Tiers.Single(tier => tier.Tier == "bronze").At)
        );
    }

    [Fact]
    public async Task Without_Prometheus_everything_stays_and_why_is_said()
    {
        _prometheus.Values[Signal.Cpu] = 1;
        _prometheus.IsDown = true;

        for (var look = 0; look < 20; look++)
            await TickAsync();

        Assert.Equal([1, 2], _engine.Running);
        Assert.Equal(
            (ScalingMode.Blind, ScalingAlert.Blind, "Connection refused (prometheus:9090)"),
            (Silver.Mode, Silver.Alert, Silver.Trouble)
        );
    }

    [Fact]
    public async Task An_engine_that_is_away_keeps_nothing_from_going_on_later()
    {
        _prometheus.Values[Signal.Queue] = 6;
        _engine.IsDown = true;
        await TickAsync();
        Assert.Contains("Connection refused (engine-proxy:2375)", Silver.Trouble, StringComparison.Ordinal);

        _engine.IsDown = false;
        await TickAsync();
        Assert.Equal(6, Silver.Capacity);
        Assert.Equal([1, 2, 3, 4, 5, 6], _engine.Running);
    }

    [Fact]
    public async Task What_the_engine_refuses_is_in_the_log_and_tried_again()
    {
        _prometheus.Values[Signal.Queue] = 6;
        _engine.Refused.UnionWith([3, 4, 5, 6]);
        await TickAsync();
        Assert.Contains("no space left on device", Assert.Single(_reports.Changes).Failure, StringComparison.Ordinal);

        _engine.Refused.Clear();
        await TickAsync();
        Assert.Equal(6, _engine.Running.Count());
    }

    [Theory]
    [InlineData("paused", "Paused", "stays at 2: autoscaling is paused")]
    [InlineData("deployment", "Held", "stays at 2: a deployment is running")]
    [InlineData("silent writer", "Held", "stays at 2: the database is failing over")]
    [InlineData("no writer", "Held", "stays at 2: the database is failing over")]
    public async Task Nothing_changes_while_it_must_not(string why, string mode, string reason)
    {
        _prometheus.Values[Signal.Queue] = 6;
        Database(
            why switch
            {
                "paused" => new ClusterState { ScalingPaused = ["silver"] },
                "deployment" => new ClusterState { ScalingHeldUntil = _time.GetUtcNow() + TimeSpan.FromMinutes(10) },
                "silent writer" => new ClusterState { SilentSince = _time.GetUtcNow() },
                _ => new ClusterState(),
            },
            writable: why != "no writer"
        );

        await TickAsync();

        Assert.Equal([1, 2], _engine.Running);
        Assert.Equal((mode, reason), ($"{Silver.Mode}", Silver.Reason));
    }

    [Fact]
    public async Task A_hold_that_nobody_released_ends()
    {
        _prometheus.Values[Signal.Queue] = 6;
        Database(new ClusterState { ScalingHeldUntil = _time.GetUtcNow() + TimeSpan.FromMinutes(10) });
        _time.Advance(TimeSpan.FromMinutes(10));

        await TickAsync();

        Assert.Equal(6, _engine.Running.Count());
    }

    [Fact]
    public async Task Of_two_Orchestrators_one_acts()
    {
        _prometheus.Values[Signal.Queue] = 6;
        _turn.Taken = "another Orchestrator scales";
        await TickAsync();
        Assert.Equal((ScalingMode.Waiting, "another Orchestrator scales"), (Silver.Mode, Silver.Trouble));
        Assert.Empty(_engine.Orders);

        _turn.Taken = null;
        await TickAsync();
        Assert.Equal(6, _engine.Running.Count());
    }

    [Fact]
    public async Task A_person_sets_what_is_followed_from_there_on()
    {
        await TickAsync();

        var change = await _scaler.SetAsync("silver", 5, dryRun: false, CancellationToken.None);

        Assert.Equal((2, 5, ScaledBy.Person), (change.From, change.To, change.By));
        _prometheus.Values[Signal.Cpu] = 10;
        _engine.Settle();
        await TickAsync();
        Assert.Equal([1, 2, 3, 4, 5], _engine.Running);
        Assert.Equal("stays at 5: 2 containers recommended now, 5 within the last 60 s", Silver.Reason);
    }

    [Fact]
    public async Task A_person_may_try_first()
    {
        var change = await _scaler.SetAsync("silver", 5, dryRun: true, CancellationToken.None);

        Assert.Equal((2, 5), (change.From, change.To));
        Assert.Empty(_engine.Orders);
        Assert.Empty(_reports.Changes);
    }

    [Fact]
    public async Task A_person_may_set_a_tier_that_is_paused()
    {
        Database(new ClusterState { ScalingPaused = ["silver"] });

        await _scaler.SetAsync("silver", 3, dryRun: false, CancellationToken.None);
        await TickAsync();

        Assert.Equal([1, 2, 3], _engine.Running);
    }

    [Fact]
    public async Task A_person_is_refused_what_cannot_be_now()
    {
        Database(new ClusterState { ScalingHeldUntil = _time.GetUtcNow() + TimeSpan.FromMinutes(10) });
        Assert.Equal(
            "a deployment is running",
            (await Assert.ThrowsAsync<RefusedException>(() => _scaler.SetAsync("silver", 3, dryRun: false, CancellationToken.None))).Message
        );
        Database(new ClusterState());
        Assert.StartsWith(
            "pool-silver has room for 6 containers, not 7",
            (
                await Assert.ThrowsAsync<RefusedException>(() => _scaler.SetAsync("silver", 7, dryRun: false, CancellationToken.None))
            ).Message,
            StringComparison.Ordinal
        );
        _turn.Taken = "another Orchestrator scales";
        Assert.Equal(
            "another Orchestrator scales",
            (await Assert.ThrowsAsync<RefusedException>(() => _scaler.SetAsync("silver", 3, dryRun: false, CancellationToken.None))).Message
        );
        Assert.Empty(_engine.Orders);
    }

    [Fact]
    public async Task A_decision_and_a_persons_order_at_the_same_moment_come_one_after_the_other()
    {
        _prometheus.Values[Signal.Queue] = 6;

        await Task.WhenAll(TickAsync(), _scaler.SetAsync("silver", 4, dryRun: false, CancellationToken.None));

        Assert.Equal(2, _reports.Changes.Count);
        Assert.Equal(_reports.Changes[1].To, _reports.Changes[0].From);
        Assert.Equal(
            _reports.Changes[0].To,
            Silver.Replicas is null ? 0 : (await _scaler.TryAsync(CancellationToken.None)).Single(tier => tier.Tier == "silver").Replicas
        );
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_decided_of_every_tier()
    {
        _prometheus.Values[Signal.Queue] = 6;

        var tiers = await _scaler.TryAsync(CancellationToken.None);

        Assert.Equal(["bronze", "silver"], tiers.Select(tier => tier.Tier));
        Assert.All(tiers, tier => Assert.StartsWith("2 → ", tier.Reason, StringComparison.Ordinal));
        Assert.Empty(_engine.Orders);
    }

    [Fact]
    public async Task An_Orchestrator_that_is_started_anew_goes_on_from_what_runs()
    {
        _prometheus.Values[Signal.Queue] = 6;
        await TickAsync();
        _prometheus.Values[Signal.Queue] = 0;
        _prometheus.Values[Signal.Cpu] = 10;

        using var next = Scaler();
        await next.TickAsync(CancellationToken.None);

        Assert.Equal(6, _engine.Running.Count());
    }

    private async Task TickAsync()
    {
        await _scaler.TickAsync(CancellationToken.None);
        _engine.Settle();
        _time.Advance(TimeSpan.FromSeconds(15));
    }

    private PoolScaler Scaler() =>
        new(
            s_farm,
            new ComposePools(_engine.Client, _time),
            _prometheus.Client,
            _turn,
            _database,
            _reports,
            new ScalingMetrics(_services.GetRequiredService<IMeterFactory>(), _reports),
            Options.Create(new AutoscalingSettings()),
            _time,
            NullLogger<PoolScaler>.Instance
        );

    private void Database(ClusterState known, bool writable = true) =>
        _database.Current = new DatabaseSnapshot(_time.GetUtcNow(), [Seen(P1, readOnly: !writable), Seen(P2), Seen(R1), Seen(R2)], [])
        {
            Known = known,
        };

    private sealed class Turn : IScalingLeaderLock
    {
        public string? Taken { get; set; }

        public Task<Outcome> TryAcquireAsync(CancellationToken cancel) =>
            Task.FromResult(Taken is null ? Outcome.Accepted : Outcome.Refused(Taken));
    }
}
