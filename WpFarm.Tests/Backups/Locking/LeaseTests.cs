using Microsoft.Extensions.Time.Testing;
using WpFarm.Backups.Locking;
using WpFarm.Tests.Backups.Store;

namespace WpFarm.Tests.Backups.Locking;

public sealed class LeaseTests
{
    private static readonly LeaseOptions s_options = new();

    private readonly FakeTimeProvider _time = new(new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero));
    private readonly SimulatedStore _store;

    public LeaseTests() => _store = new SimulatedStore(_time);

    [Fact]
    public async Task Who_is_alone_gets_it_and_whoever_comes_later_does_not()
    {
        await using var lease = (await AcquireAsync("one")).Lease!;
        Assert.False(lease.Lost.IsCancellationRequested);
        var later = await AcquireAsync("two");
        Assert.Equal((null, "one"), (later.Lease, later.HeldBy));
    }

    [Fact]
    public async Task Given_up_it_is_free_and_nothing_stays_in_the_store()
    {
        await (await AcquireAsync("one")).Lease!.DisposeAsync();
        Assert.Empty(_store.Objects);
        await using var lease = (await AcquireAsync("two")).Lease!;
        Assert.NotNull(lease);
    }

    [Fact]
    public async Task Other_names_are_other_leases()
    {
        await using var backup = (await AcquireAsync("one", "backup")).Lease!;
        await using var prune = (await AcquireAsync("two", "prune")).Lease!;
        Assert.NotNull(backup);
        Assert.NotNull(prune);
    }

    [Fact]
    public async Task It_is_held_for_as_long_as_it_is_renewed()
    {
        await using var lease = (await AcquireAsync("one")).Lease!;
        Pass(TimeSpan.FromMinutes(20));
        Assert.False(lease.Lost.IsCancellationRequested);
        Assert.Null((await AcquireAsync("two")).Lease);
    }

    [Fact]
    public async Task A_dead_holders_lease_ends_by_itself()
    {
        // A holder that died leaves its objects, which nobody renews.
        await _store.PutAsync("leases/backup/dead.000000/claim", (_, _) => Task.CompletedTask, default);
        await _store.PutAsync("leases/backup/dead.000000/life", (_, _) => Task.CompletedTask, default);
        Assert.Equal("dead", (await AcquireAsync("one")).HeldBy);

        _time.Advance(s_options.Expiry);
        await using var lease = (await AcquireAsync("one")).Lease!;
        Assert.NotNull(lease);
        Assert.DoesNotContain(_store.Objects.Keys, name => name.Contains("dead", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_holder_that_cannot_reach_the_store_stops_before_anybody_else_may_begin()
    {
        await using var lease = (await AcquireAsync("one")).Lease!;
        _store.IsDown = true;
        Pass(s_options.Expiry * 2 / 3);
        Assert.True(lease.Lost.IsCancellationRequested);

        // By the store's clock, the lease has not expired yet.
        _store.IsDown = false;
        Assert.Null((await AcquireAsync("two")).Lease);
    }

    /// <summary>
    /// An attempt waits for the unreachable store until the connection times out, which takes longer than the lease lasts.
    /// </summary>
    [Fact]
    public async Task It_is_renewed_as_soon_as_a_store_that_was_gone_is_back()
    {
        await using var lease = (await AcquireAsync("one")).Lease!;
        _store.Latency = () => Task.Delay(s_options.Expiry, _time);
        Pass(s_options.Expiry / 2);
        _store.Latency = () => Task.CompletedTask;
        Pass(s_options.Expiry / 6);
        Assert.False(lease.Lost.IsCancellationRequested);
        Pass(s_options.Expiry);
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public async Task Clocks_that_differ_do_not_matter(int seconds)
    {
        _store.Skew = TimeSpan.FromSeconds(seconds);
        await using var lease = (await AcquireAsync("one")).Lease!;
        Assert.NotNull(lease);
        Assert.Null((await AcquireAsync("two")).Lease);
    }

    [Fact]
    public async Task A_clock_of_the_store_that_is_set_back_takes_the_lease_from_nobody()
    {
        await using var lease = (await AcquireAsync("one")).Lease!;
        _store.Skew = TimeSpan.FromMinutes(-1);
        Assert.Equal("one", (await AcquireAsync("two")).HeldBy);
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public void Times_in_which_a_lease_could_end_before_it_is_had_are_refused() =>
        Assert.Throws<ArgumentException>(() => new LeaseStore(_store, new() { Expiry = TimeSpan.FromSeconds(20) }, _time));

    /// <summary>Contenders that start at random times, on a store with random latencies.</summary>
    [Generated(MaxTest = 300)]
    public async Task Never_two_at_once(int seed)
    {
        var random = new Random(seed);
        var time = new FakeTimeProvider();
        var store = new SimulatedStore(time)
        {
            Latency = () => Task.Delay(TimeSpan.FromMilliseconds(random.Next(random.Next(3) == 0 ? 9000 : 1500)), time),
        };
        var (held, most) = (new List<Lease>(), 0);
        var contenders = Enumerable
            .Range(0, 5)
            .Select(async number =>
            {
                for (var attempt = 0; attempt < 4; attempt++)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(random.Next(4000)), time);
                    var lease = (await new LeaseStore(store, s_options, time).TryAcquireAsync("backup", $"c{number}", default)).Lease;
                    if (lease is null)
                        continue;
                    held.Add(lease);
                    most = Math.Max(most, held.Count(one => !one.Lost.IsCancellationRequested));
                    await Task.Delay(TimeSpan.FromSeconds(random.Next(60)), time);
                    held.Remove(lease);
                    await lease.DisposeAsync();
                }
            })
            .ToList();
        await UntilAsync(time, Task.WhenAll(contenders));
        Assert.True(most <= 1, $"{most} at once");
    }

    private Task<LeaseAttempt> AcquireAsync(string holder, string name = "backup") =>
        UntilAsync(_time, new LeaseStore(_store, s_options, _time).TryAcquireAsync(name, holder, default));

    private static async Task<T> UntilAsync<T>(FakeTimeProvider time, Task<T> task)
    {
        await UntilAsync(time, (Task)task);
        return await task;
    }

    /// <summary>Everything that waits for time continues within Advance, on this thread, so that a busy machine changes nothing.</summary>
    private static async Task UntilAsync(FakeTimeProvider time, Task task)
    {
        for (var step = 0; !task.IsCompleted; step++)
        {
            Assert.True(step < 100_000, "it does not end");
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        await task;
    }

    private void Pass(TimeSpan span)
    {
        for (var left = span; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
            _time.Advance(TimeSpan.FromSeconds(1));
    }
}
