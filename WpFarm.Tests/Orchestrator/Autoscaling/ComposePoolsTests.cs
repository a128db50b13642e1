using Microsoft.Extensions.Time.Testing;
using WpFarm.Orchestrator.Autoscaling;

namespace WpFarm.Tests.Orchestrator.Autoscaling;

public sealed class ComposePoolsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakePoolEngine _engine = new(running: 2, spares: 4);
    private readonly ComposePools _pools;

    public ComposePoolsTests() => _pools = new ComposePools(_engine.Client, _time);

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task Those_that_run_and_those_that_could_are_counted() => Assert.Equal(new PoolCount(2, 2, 6), await CountAsync());

    [Fact]
    public async Task The_lowest_numbers_are_started_and_count_at_once_but_are_not_ready()
    {
        await SetAsync(4);

        Assert.Equal(["start 3", "start 4"], _engine.Orders);
        Assert.Equal(new PoolCount(4, 2, 6), await CountAsync());
        _engine.Settle();
        Assert.Equal(new PoolCount(4, 4, 6), await CountAsync());
    }

    [Fact]
    public async Task The_highest_numbers_drain_and_do_not_count_any_more_although_they_still_run()
    {
        await SetAsync(1);

        Assert.Equal(["drain 2"], _engine.Orders);
        Assert.Equal(new PoolCount(1, 1, 6), await CountAsync());
        Assert.Equal([1, 2], _engine.Running);
    }

    [Fact]
    public async Task One_that_is_not_healthy_leaves_before_one_that_is()
    {
        _engine.Sick.Add(3);
        await SetAsync(4);
        _engine.Settle();

        await SetAsync(3);

        Assert.Equal("drain 3", _engine.Orders[^1]);
    }

    [Fact]
    public async Task One_that_drains_is_not_started_again_before_it_has_ended()
    {
        await SetAsync(1);

        await SetAsync(2);
        Assert.Equal("start 3", _engine.Orders[^1]);
        _engine.Settle();
        await SetAsync(3);
        Assert.Equal("start 2", _engine.Orders[^1]);
    }

    [Fact]
    public async Task When_all_others_drain_there_is_nothing_to_start_yet()
    {
        await SetAsync(6);
        _engine.Settle();
        await SetAsync(1);

        var e = await Assert.ThrowsAsync<HttpRequestException>(() => SetAsync(2));
        Assert.Equal("1 of 1 must wait for others to end", e.Message);
    }

    [Fact]
    public async Task Where_the_engine_refuses_one_another_is_started()
    {
        _engine.Refused.Add(3);

        await SetAsync(3);

        Assert.Equal(["start 3", "start 4"], _engine.Orders);
    }

    [Fact]
    public async Task Where_the_engine_refuses_all_its_reason_is_said()
    {
        _engine.Refused.UnionWith([3, 4, 5, 6]);

        var e = await Assert.ThrowsAsync<HttpRequestException>(() => SetAsync(4));
        Assert.Contains("the engine answered 500: {\"message\":\"no space left on device\"}", e.Message, StringComparison.Ordinal);
        Assert.Equal(new PoolCount(2, 2, 6), await CountAsync());
    }

    [Fact]
    public async Task One_that_never_gets_healthy_goes_after_three_minutes_and_is_tried_again_last()
    {
        _engine.Sick.Add(3);
        await SetAsync(3);
        _engine.Settle();
        await CountAsync();
        _time.Advance(TimeSpan.FromMinutes(3.1));
        Assert.Equal(new PoolCount(3, 2, 6), await CountAsync());

        await _pools.DrainUnhealthyAsync(FakePoolEngine.Pool, CancellationToken.None);

        Assert.Equal(new PoolCount(2, 2, 6), await CountAsync());
        Assert.Equal("drain 3", _engine.Orders[^1]);
        _engine.Settle();
        await SetAsync(6);
        Assert.Equal(["start 4", "start 5", "start 6", "start 3"], _engine.Orders[^4..]);
    }

    [Fact]
    public async Task One_that_was_healthy_stays_whatever_its_checks_say_later()
    {
        await SetAsync(3);
        _engine.Settle();
        await CountAsync();
        _time.Advance(TimeSpan.FromMinutes(10));

        await _pools.DrainUnhealthyAsync(FakePoolEngine.Pool, CancellationToken.None);
        Assert.Equal(new PoolCount(3, 3, 6), await CountAsync());
    }

    [Fact]
    public async Task One_that_was_told_to_drain_and_does_not_end_counts_again()
    {
        await SetAsync(1);
        _time.Advance(TimeSpan.FromMinutes(3.1));

        Assert.Equal(2, (await CountAsync()).Replicas);
    }

    [Fact]
    public async Task An_engine_that_is_away_is_said_to_be()
    {
        _engine.IsDown = true;

        var e = await Assert.ThrowsAsync<HttpRequestException>(CountAsync);
        Assert.Contains("Connection refused", e.Message, StringComparison.Ordinal);
    }

    private Task<PoolCount> CountAsync() => _pools.CountAsync(FakePoolEngine.Pool, CancellationToken.None);

    private Task SetAsync(int replicas) => _pools.SetAsync(FakePoolEngine.Pool, replicas, CancellationToken.None);
}
