using Microsoft.Extensions.Time.Testing;
using WpFarm.Orchestrator.Database;
using static WpFarm.Tests.Orchestrator.Database.TestServers;

namespace WpFarm.Tests.Orchestrator.Database;

public sealed class ClusterStateStoreTests
{
    private static readonly DatabaseServer[] s_all = [P1, P2, R1, R2];

    private readonly SimulatedCluster _cluster = new();
    private readonly FakeTimeProvider _time = new(new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));
    private readonly ClusterState _known = new ClusterState()
        .After(Healthy, new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero))
        .Promoted(P2, [P1], new Gap(2, 5, 1_000_005), failedOver: true, new(2026, 11, 24, 10, 1, 0, TimeSpan.Zero));

    [Fact]
    public void What_is_written_is_what_is_read()
    {
        var read = StoredClusterState.Read(StoredClusterState.Write(_known), s_all);

        Assert.Equal(P2, read.Writer);
        Assert.Equal([P1], read.Deposed);
        Assert.Equal(_known.Gaps, read.Gaps);
        Assert.Equal(_known.FailedOverAt, read.FailedOverAt);
        Assert.True(read.Awaited);
        Assert.Equal(StoredClusterState.Write(_known), StoredClusterState.Write(read));
    }

    [Fact]
    public void What_a_person_said_of_scaling_is_kept_with_it()
    {
        var until = new DateTimeOffset(2026, 11, 24, 11, 0, 0, TimeSpan.Zero);

        var read = StoredClusterState.Read(
            StoredClusterState.Write(_known with { ScalingPaused = ["silver"], ScalingHeldUntil = until }),
            s_all
        );

        Assert.Equal(["silver"], read.ScalingPaused);
        Assert.Equal(until, read.ScalingHeldUntil);
    }

    [Fact]
    public void A_server_that_left_the_farm_is_forgotten() =>
        Assert.Null(StoredClusterState.Read(StoredClusterState.Write(_known), [P1, R1, R2]).Writer);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(10)]
    public void Those_who_are_told_and_those_who_are_asked_have_one_in_common(int servers) =>
        Assert.True(StoredClusterState.ReadQuorum(servers) + StoredClusterState.WriteQuorum(servers) > servers);

    [Fact]
    public async Task Another_Orchestrator_finds_what_half_of_the_servers_were_told()
    {
        await Store().WriteAsync(_known, Answering(P2, R1), CancellationToken.None);
        _cluster[P2].Crash();

        var found = await Store().ReadAsync(CancellationToken.None);

        Assert.Equal(P2, found?.Writer);
    }

    [Fact]
    public async Task Nothing_may_rest_on_what_fewer_were_told() =>
        await Assert.ThrowsAsync<TimeoutException>(() => Store().WriteAsync(_known, Answering(P2), CancellationToken.None));

    [Fact]
    public async Task Half_of_the_servers_are_too_few_to_be_sure()
    {
        _cluster[P1].Crash();
        _cluster[R1].Crash();
        var store = Store();

        Assert.Null(await store.ReadAsync(CancellationToken.None));
        Assert.False(store.IsRead);
    }

    [Fact]
    public async Task Servers_that_know_nothing_begin_a_history_of_their_own()
    {
        var found = await Store().ReadAsync(CancellationToken.None);

        Assert.Equal(_time.GetUtcNow(), found?.HistorySince);
    }

    private ClusterStateStore Store() => new(_cluster.Servers, _time);

    private static ServerObservation[] Answering(params DatabaseServer[] servers) =>
        [.. s_all.Select(server => servers.Contains(server) ? Seen(server) : Silent(server))];
}
