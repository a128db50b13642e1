using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Procedures;
using static WpFarm.Tests.Orchestrator.Database.TestServers;

namespace WpFarm.Tests.Orchestrator.Database;

public sealed class SwitchoverTests
{
    private static readonly ClusterState s_known = new ClusterState().After(Healthy, new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero));

    [Fact]
    public Task A_standby_that_does_not_answer_is_refused() =>
        IsRefusedAsync("mariadb-p2 does not answer", [Seen(P1, readOnly: false), Silent(P2), Seen(R1), Seen(R2)]);

    [Fact]
    public Task A_standby_in_maintenance_is_refused() =>
        IsRefusedAsync("mariadb-p2 is in maintenance", Healthy, s_known with { Maintenance = [P2] });

    [Fact]
    public Task A_standby_that_is_far_behind_is_refused() =>
        IsRefusedAsync(
            "does not follow mariadb-p1 closely enough",
            [Seen(P1, readOnly: false), Seen(P2, channels: [Channel(P1) with { Lag = TimeSpan.FromMinutes(1) }]), Seen(R1), Seen(R2)]
        );

    [Fact]
    public Task A_replica_is_refused() => IsRefusedAsync("mariadb-r1 is not another primary", Healthy, to: R1);

    [Fact]
    public Task The_writer_itself_is_refused() => IsRefusedAsync("mariadb-p1 is not another primary", Healthy, to: P1);

    /// <summary>The order is refused before any change; these tests have no server that could change.</summary>
    private static async Task IsRefusedAsync(
        string why,
        IReadOnlyList<ServerObservation> seen,
        ClusterState? known = null,
        DatabaseServer? to = null
    )
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(() =>
            new Switchover([]).PrepareAsync(new SwitchoverOrder(to), seen, known ?? s_known, CancellationToken.None)
        );

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }
}
