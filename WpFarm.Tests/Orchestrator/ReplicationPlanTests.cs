using WpFarm.Orchestrator.Database;
using static WpFarm.Orchestrator.Database.ReplicationAction;
using static WpFarm.Tests.Orchestrator.TestServers;

namespace WpFarm.Tests.Orchestrator;

public sealed class ReplicationPlanTests
{
    [Fact]
    public void Nothing_is_done_when_one_primary_takes_writes_and_everybody_follows() => Assert.Empty(ReplicationPlan.Decide(Healthy));

    [Fact]
    public void New_servers_follow_the_primaries_and_the_first_primary_takes_writes()
    {
        var actions = Decide([.. new[] { P1, P2, R1, R2 }.Select(server => Seen(server, position: "", channels: []))]);

        Assert.Equal(
            ["MakeWritable p1", "Follow p1<p2", "Follow p2<p1", "Follow r1<p1", "Follow r1<p2", "Follow r2<p1", "Follow r2<p2"],
            actions.Select(Short));
    }

    [Theory]
    [InlineData("1-1-100", "1-1-100", "MakeWritable p1")]
    [InlineData("1-1-100", "1-1-90", "MakeWritable p1")]
    [InlineData("1-1-90", "1-1-100", "MakeWritable p2")]
    [InlineData("", "2-2-1", "MakeWritable p2")]
    [InlineData("1-1-100", "1-1-90,2-2-1", "Hold")]
    public void When_nobody_takes_writes_the_primary_that_has_everything_does(string p1, string p2, string expected)
    {
        var actions = Decide([Seen(P1, position: p1), Seen(P2, position: p2), Silent(R1), Silent(R2)]);

        Assert.Equal([expected], actions.Select(Short));
    }

    [Fact]
    public void Nobody_is_promoted_while_a_primary_is_silent()
    {
        var actions = Decide([Silent(P1), Seen(P2), Seen(R1), Seen(R2)]);

        Assert.Contains("mariadb-p1 does not answer (connection refused)", Assert.IsType<Hold>(Assert.Single(actions)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_is_promoted_while_a_replica_has_a_transaction_that_no_primary_has()
    {
        var actions = Decide([Seen(P1), Seen(P2), Seen(R1, position: "1-1-101,2-2-5"), Seen(R2)]);

        Assert.Contains("mariadb-r1 1-1-101,2-2-5", Assert.IsType<Hold>(Assert.Single(actions)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_written_on_a_replica_by_hand_does_not_keep_a_primary_from_being_promoted()
    {
        var actions = Decide([Seen(P1), Seen(P2), Seen(R1, position: "1-1-100,2-2-5,11-11-3"), Seen(R2)]);

        Assert.Equal(["MakeWritable p1"], actions.Select(Short));
    }

    [Fact]
    public void A_silent_standby_changes_nothing() => Assert.Empty(Decide([Seen(P1, readOnly: false), Silent(P2), Seen(R1), Seen(R2)]));

    [Fact]
    public void Of_two_writers_the_less_advanced_stops()
    {
        var actions = Decide([Seen(P1, readOnly: false, "1-1-100"), Seen(P2, readOnly: false, "1-1-100,2-2-1"), Seen(R1), Seen(R2)]);

        Assert.Equal(["MakeReadOnly p1"], actions.Select(Short));
    }

    [Fact]
    public void Of_two_writers_that_each_have_something_the_second_stops()
    {
        var actions = Decide([Seen(P1, readOnly: false, "1-1-101"), Seen(P2, readOnly: false, "1-1-100,2-2-1"), Seen(R1), Seen(R2)]);

        Assert.Equal(["MakeReadOnly p2"], actions.Select(Short));
    }

    [Fact]
    public void A_replica_that_takes_writes_stops_before_anybody_is_promoted()
    {
        var actions = Decide([Seen(P1), Seen(P2), Seen(R1, readOnly: false), Seen(R2)]);

        Assert.Equal(["MakeReadOnly r1"], actions.Select(Short));
    }

    [Fact]
    public void A_stopped_channel_is_started() =>
        Assert.Equal(["StartChannel r1 p1"], WithChannelOfR1(Channel(P1) with { Fetching = ReplicationThread.Stopped }));

    [Fact]
    public void A_channel_that_is_connecting_is_left_alone() => Assert.Empty(WithChannelOfR1(Channel(P1) with { Fetching = ReplicationThread.Connecting }));

    [Fact]
    public void A_channel_that_broke_waits_for_a_person() =>
        Assert.Equal(["Hold"], WithChannelOfR1(Channel(P1) with { Applying = ReplicationThread.Stopped, Error = "Duplicate entry" }));

    [Fact]
    public void A_channel_to_another_host_is_set_up_again() => Assert.Equal(["Follow r1<p1 again"], WithChannelOfR1(Channel(P1) with { Source = "elsewhere" }));

    [Fact]
    public void A_channel_by_file_and_offset_is_set_up_again() => Assert.Equal(["Follow r1<p1 again"], WithChannelOfR1(Channel(P1) with { ByGtid = false }));

    private static IEnumerable<string> WithChannelOfR1(ChannelStatus channel) =>
        Decide([Seen(P1, readOnly: false), Seen(P2), Seen(R1, channels: [channel, Channel(P2)]), Seen(R2)]).Select(Short);

    private static IReadOnlyList<ReplicationAction> Decide(IReadOnlyList<ServerObservation> servers)
    {
        var actions = ReplicationPlan.Decide(servers);
        Assert.All(actions, action => Assert.NotEmpty(action.Reason));
        return actions;
    }

    private static string Short(ReplicationAction action) => action switch
    {
        Follow(var server, var source, var replaces, _) => $"Follow {server.Channel}<{source.Channel}{(replaces ? " again" : "")}",
        StartChannel(var server, var channel, _) => $"StartChannel {server.Channel} {channel}",
        MakeReadOnly(var server, _) => $"MakeReadOnly {server.Channel}",
        MakeWritable(var server, _) => $"MakeWritable {server.Channel}",
        _ => "Hold",
    };
}
