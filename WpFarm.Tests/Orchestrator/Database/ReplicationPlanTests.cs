using System.Collections.Immutable;
using WpFarm.Backups.Gtid;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Database;
using static WpFarm.Orchestrator.Database.ReplicationAction;
using static WpFarm.Tests.Orchestrator.Database.TestServers;

namespace WpFarm.Tests.Orchestrator.Database;

public sealed class ReplicationPlanTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);
    private static readonly FailoverPolicy s_policy = new();

    /// <summary>P1 was observed as the writer, and P2 as the acknowledging server.</summary>
    private static readonly ClusterState s_known = new ClusterState().After(Healthy, s_now - TimeSpan.FromMinutes(1));

    [Fact]
    public void Nothing_is_done_when_one_primary_takes_writes_and_everybody_follows() => Assert.Empty(Decide(Healthy));

    [Fact]
    public void A_channel_that_is_refused_because_of_its_password_is_made_anew() =>
        Assert.Equal(
            ["Follow r2<p1,p2"],
            Decide([
                    .. Healthy.SkipLast(1),
                    Seen(R2, channels: [Channel(P1), Channel(P2) with { Fetching = ReplicationThread.Connecting, IsRefused = true }]),
                ])
                .Select(Short)
        );

    [Fact]
    public void With_another_password_everybody_goes_on_with_what_it_did()
    {
        var stopped = Channel(P2) with { Fetching = ReplicationThread.Stopped };

        var renewed = ReplicationPlan.Renewed([.. Healthy.SkipLast(2), Seen(R1, channels: [Channel(P1), stopped]), Silent(R2)]).ToList();

        Assert.Equal(
            ["p1 p2", "p2 p1", "r1 p1"],
            renewed.Select(follow => $"{follow.Server.Channel} {string.Join(',', follow.Sources.Select(source => source.Channel))}")
        );
        Assert.Equal(["p2"], renewed.Where(follow => follow.Acknowledges).Select(follow => follow.Server.Channel));
    }

    [Fact]
    public void New_servers_get_a_writer_first()
    {
        var actions = Decide([.. new[] { P1, P2, R1, R2 }.Select(server => Seen(server, position: "", channels: []))], new ClusterState());

        Assert.Equal(["Promote p1"], actions.Select(Short));
    }

    [Theory]
    [InlineData("1-1-100", "1-1-100", "Promote p1")]
    [InlineData("1-1-90", "1-1-100", "Promote p2")]
    [InlineData("", "2-2-1", "Promote p2")]
    public void Of_two_primaries_that_start_the_one_that_lacks_nothing_is_promoted(string p1, string p2, string expected)
    {
        var actions = Decide(
            [Seen(P1, position: p1), Seen(P2, position: p2), Seen(R1, position: ""), Seen(R2, position: "")],
            new ClusterState()
        );

        Assert.Equal([expected], actions.Select(Short));
    }

    [Fact]
    public void What_was_written_on_a_replica_by_hand_does_not_keep_a_primary_from_being_promoted()
    {
        var actions = Decide([Seen(P1), Seen(P2), Seen(R1, position: "1-1-100,2-2-5,11-11-3"), Seen(R2)]);

        Assert.Equal(["Promote p1"], actions.Select(Short));
    }

    [Fact]
    public void A_writer_that_nobody_hears_is_replaced_by_the_one_that_acknowledged() =>
        Assert.Equal(["Promote p2"], Decide([Silent(P1), Deaf(P2), Deaf(R1), Deaf(R2)]).Select(Short));

    [Fact]
    public void A_writer_that_has_only_just_fallen_silent_is_suspected() =>
        Assert.EndsWith(
            "suspected",
            Held([Silent(P1), Deaf(P2), Deaf(R1), Deaf(R2)], s_known with { SilentSince = s_now }),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_writer_that_others_still_hear_is_not_replaced() =>
        Assert.Contains("mariadb-r2 still receive from it", Held([Silent(P1), Deaf(P2), Deaf(R1), Seen(R2)]), StringComparison.Ordinal);

    [Fact]
    public void A_second_failover_within_the_cooldown_waits_for_a_person() =>
        Assert.Contains(
            "./farm db acknowledge",
            Held([Silent(P1), Deaf(P2), Deaf(R1), Deaf(R2)], s_known with { FailedOverAt = s_now - TimeSpan.FromMinutes(2) }),
            StringComparison.Ordinal
        );

    [Fact]
    public void Nobody_is_promoted_while_the_one_that_acknowledged_is_silent() =>
        Assert.Contains(
            "mariadb-p2 may have a transaction",
            Held([Silent(P1), Silent(P2), Alone(R1), Alone(R2)]),
            StringComparison.Ordinal
        );

    [Fact]
    public void One_that_never_acknowledged_may_be_silent() =>
        Assert.Equal(["Promote p2"], Decide([Silent(P1), Deaf(P2), Silent(R1), Deaf(R2)]).Select(Short));

    [Fact]
    public void Without_knowledge_every_server_must_answer() =>
        Assert.Contains(
            "mariadb-p1 may have",
            Held([Silent(P1), Deaf(P2), Deaf(R1), Deaf(R2)], new ClusterState()),
            StringComparison.Ordinal
        );

    [Fact]
    public void When_the_standby_is_silent_a_replica_acknowledges_in_its_place()
    {
        var actions = Decide([Seen(P1, readOnly: false), Silent(P2), Seen(R1), Seen(R2)]);

        Assert.Equal(["Follow r1<p1 acknowledging", "Follow r2<p1", "Follow p1<"], actions.Select(Short));
    }

    [Fact]
    public void A_former_writer_with_transactions_of_its_own_is_followed_by_nobody_and_gets_a_copy_of_a_replica()
    {
        var known = s_known.Promoted(P2, [P1], new Gap(2, 5, 1_000_005), failedOver: true, s_now);
        var actions = Decide(
            [
                Seen(P1, position: "1-1-103,2-2-5", channels: []),
                Seen(P2, readOnly: false, "1-1-100,2-2-1000009"),
                Seen(R1, position: "1-1-100,2-2-1000009"),
                Seen(R2, position: "1-1-100,2-2-1000009"),
            ],
            known
        );

        Assert.Contains("Seed p1<r1 beyond 1-1-100,2-2-5", actions.Select(Short));
        Assert.Contains(actions, action => action is Follow { Sources: [var only], Server: var server } && server == R1 && only == P2);
        Assert.DoesNotContain(actions, action => action is Follow { Server: var server } && server == P1);
    }

    [Fact]
    public void Of_numbers_that_were_left_out_at_the_beginning_of_a_term_nothing_is_in_common()
    {
        var known = s_known.Promoted(P1, [], new Gap(1, 90, 1_000_090), failedOver: true, s_now);
        var actions = Decide(
            [Seen(P1, readOnly: false, "1-1-1000100,2-2-5"), Seen(P2), Seen(R1, position: "1-1-95,2-2-5", channels: []), Seen(R2)],
            known
        );

        Assert.Contains("Seed r1<p1 beyond 1-1-90,2-2-5", actions.Select(Short));
    }

    [Fact]
    public void A_server_that_lacks_what_the_writer_has_no_longer_gets_a_copy() =>
        Assert.Equal(
            ["Seed r1<r2 beyond 1-1-100,2-2-5"],
            WithChannelOfR1(Channel(P1) with { Fetching = ReplicationThread.Stopped, SourceLacks = true })
        );

    [Fact]
    public void Nobody_gets_a_copy_in_place_of_what_it_may_be_the_only_one_to_have()
    {
        var r1 = Seen(R1, channels: [Channel(P1) with { Fetching = ReplicationThread.Stopped, SourceLacks = true }, Channel(P2)]);
        var servers = new[] { Seen(P1, readOnly: false), Seen(P2), r1, Seen(R2) };
        var known = s_known with
        {
            Holders = ImmutableDictionary<DatabaseServer, GtidPosition?>.Empty.Add(P2, null).Add(R1, GtidPosition.Parse("1-1-200")),
        };

        Assert.Contains("may have a transaction that no other server has yet", Held(servers, known), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_a_person_wants_seeded_anew_first_hands_over_what_it_does()
    {
        var known = s_known with { Reseeding = [P2] };

        Assert.DoesNotContain("Seed", string.Join(' ', Decide(Healthy, known).Select(Short)), StringComparison.Ordinal);
        Assert.Contains("Follow r1<p1,p2 acknowledging", Decide(Healthy, known).Select(Short));
    }

    [Fact]
    public void The_writer_is_copied_when_nobody_else_can_be() =>
        Assert.Contains(
            "Seed p2<p1 beyond 1-1-100,2-2-5",
            Decide(
                    [
                        Seen(P1, readOnly: false),
                        Seen(P2, channels: [Channel(P1) with { Fetching = ReplicationThread.Stopped, SourceLacks = true }]),
                        Silent(R1),
                        Silent(R2),
                    ],
                    s_known with
                    {
                        Holders = ImmutableDictionary<DatabaseServer, GtidPosition?>.Empty,
                    }
                )
                .Select(Short)
        );

    [Fact]
    public void A_writer_whose_disk_is_nearly_full_hands_over_to_one_that_has_room() =>
        Assert.Equal(["HandOver p2"], Decide([WithFree(P1, 100), WithFree(P2, 600), Seen(R1), Seen(R2)]).Select(Short));

    [Fact]
    public void Nobody_hands_over_to_a_disk_that_is_nearly_full_as_well() =>
        Assert.Equal(["Hold", "Hold"], Decide([WithFree(P1, 100), WithFree(P2, 120), Seen(R1), Seen(R2)]).Select(Short));

    [Fact]
    public void A_writer_that_comes_back_empty_is_not_preferred_to_one_that_has_nearly_everything() =>
        Assert.Equal(
            ["Promote p2"],
            Decide([
                    Seen(P1, position: ""),
                    Seen(P2, position: "1-1-5000,2-2-5"),
                    Seen(R1, position: "1-1-5002,2-2-5"),
                    Seen(R2, position: "1-1-5000,2-2-5"),
                ])
                .Select(Short)
        );

    [Fact]
    public void A_former_writer_that_still_takes_writes_is_crashed()
    {
        var known = s_known.Promoted(P2, [P1], new Gap(2, 5, 1_000_005), failedOver: true, s_now);
        var actions = Decide(
            [Seen(P1, readOnly: false, "1-1-103"), Seen(P2, readOnly: false, "1-1-100,2-2-1000009"), Seen(R1), Seen(R2)],
            known
        );

        Assert.Contains("Crash p1", actions.Select(Short));
    }

    [Fact]
    public void A_replica_that_takes_writes_stops_before_anybody_is_promoted()
    {
        var actions = Decide([Seen(P1), Seen(P2), Seen(R1, readOnly: false), Seen(R2)]);

        Assert.Equal(["MakeReadOnly r1"], actions.Select(Short));
    }

    [Fact]
    public void A_stopped_channel_is_started() =>
        Assert.Equal(["Follow r1<p1,p2"], WithChannelOfR1(Channel(P1) with { Fetching = ReplicationThread.Stopped }));

    [Fact]
    public void A_server_that_is_being_copied_is_not_made_to_apply()
    {
        var r1 = Seen(
            R1,
            channels: [.. Following(R1).Select(channel => channel with { Applying = ReplicationThread.Stopped, Lag = null })]
        );

        Assert.Empty(
            Decide([Seen(P1, readOnly: false), Seen(P2), ServerObservation.Of(R1, r1.Status! with { IsCopied = true }), Seen(R2)])
        );
    }

    [Fact]
    public void A_channel_that_is_connecting_is_left_alone() =>
        Assert.Empty(WithChannelOfR1(Channel(P1) with { Fetching = ReplicationThread.Connecting }));

    [Fact]
    public void A_channel_that_broke_waits_for_a_person() =>
        Assert.Equal(
            ["Hold"],
            WithChannelOfR1(Channel(P1) with { Applying = ReplicationThread.Stopped, IsBroken = true, Error = "Duplicate entry" })
        );

    /// <summary>Otherwise its data could not be replaced, however often a person orders it.</summary>
    [Fact]
    public void A_standby_whose_channel_broke_acknowledges_until_another_does()
    {
        var broken = Seen(
            P2,
            channels: [Channel(P1) with { Applying = ReplicationThread.Stopped, IsBroken = true, Error = "Can't find record" }]
        );
        var r1 = ServerObservation.Of(R1, Seen(R1).Status! with { Acknowledges = true });

        Assert.Contains(Decide([Seen(P1, readOnly: false), broken, Seen(R1), Seen(R2)]), action =>
            action is Follow { Acknowledges: true, Server: var server } && server == R1
        );
        Assert.DoesNotContain(Decide([Seen(P1, readOnly: false), broken, Seen(R1), Seen(R2)]), action =>
            action is Follow { Server: var server } && server == P2
        );
        Assert.Contains(Decide([Seen(P1, readOnly: false), broken, r1, Seen(R2)]), action =>
            action is Follow { Acknowledges: false, Server: var server } && server == P2
        );
    }

    [Fact]
    public void A_channel_to_another_host_is_set_up_again() =>
        Assert.Equal(["Follow r1<p1,p2"], WithChannelOfR1(Channel(P1) with { Source = "elsewhere" }));

    [Fact]
    public void A_channel_by_file_and_offset_is_set_up_again() =>
        Assert.Equal(["Follow r1<p1,p2"], WithChannelOfR1(Channel(P1) with { ByGtid = false }));

    private static IEnumerable<string> WithChannelOfR1(ChannelStatus channel) =>
        Decide([Seen(P1, readOnly: false), Seen(P2), Seen(R1, channels: [channel, Channel(P2)]), Seen(R2)]).Select(Short);

    private static ServerObservation WithFree(DatabaseServer server, long megabytes) =>
        ServerObservation.Of(server, Healthy.First(seen => seen.Server == server).Status! with { Free = megabytes });

    /// <summary>The server receives nothing from P1.</summary>
    private static ServerObservation Deaf(DatabaseServer server) =>
        Seen(
            server,
            channels:
            [
                .. Following(server)
                    .Select(channel => channel.Name == P1.Channel ? channel with { Fetching = ReplicationThread.Connecting } : channel),
            ]
        );

    /// <summary>During a restoration, no server receives anything from another.</summary>
    [Fact]
    public void While_the_farm_is_restored_nobody_takes_writes_and_nobody_receives() =>
        Assert.Equal(
            ["MakeReadOnly p1", "Follow p1<", "Follow p2<", "Follow r1<", "Follow r2<", "Hold"],
            Decide(Healthy, s_known with { Restoring = P2 }).Select(Short)
        );

    [Fact]
    public void While_the_farm_is_restored_nobody_is_promoted_however_long_that_takes()
    {
        var still = new[] { P1, P2, R1, R2 }.Select(server => Seen(server, channels: [])).ToArray();

        Assert.Equal(["Hold"], Decide(still, s_known with { Restoring = P2, SilentSince = s_now - TimeSpan.FromHours(1) }).Select(Short));
    }

    [Fact]
    public void After_a_restoration_only_who_has_a_copy_follows_and_the_others_are_seeded_anew()
    {
        var restored = s_known.Restored(P2, others: [P1, R1], gaps: [], s_now);

        Assert.Equal((P2, s_now, null), (restored.Writer, restored.HistorySince, restored.Restoring));
        Assert.Equal([P1, R1], restored.Reseeding.OrderBy(server => server.Name));
        Assert.Equal([P1], restored.Deposed);
        Assert.True(restored.IsOut(R1));
        Assert.False(restored.IsOut(R2));
    }

    private static ServerObservation Alone(DatabaseServer server) =>
        Seen(server, channels: [.. Following(server).Select(channel => channel with { Fetching = ReplicationThread.Connecting })]);

    private static string Held(IReadOnlyList<ServerObservation> servers, ClusterState? known = null) =>
        Assert.IsType<Hold>(Assert.Single(Decide(servers, known))).Reason;

    private static IReadOnlyList<ReplicationAction> Decide(IReadOnlyList<ServerObservation> servers, ClusterState? known = null)
    {
        known ??= s_known;
        var after = known.After(servers, s_now - TimeSpan.FromSeconds(5)) with
        {
            SilentSince = known.SilentSince ?? s_now - TimeSpan.FromSeconds(5),
        };
        var actions = ReplicationPlan.Decide(servers, after, s_policy, s_now);
        Assert.All(actions, action => Assert.NotEmpty(action.Reason));
        return actions;
    }

    private static string Short(ReplicationAction action) =>
        action switch
        {
            Follow(var server, var sources, var acknowledges, _) =>
                $"Follow {server.Channel}<{string.Join(',', sources.Select(source => source.Channel))}"
                    + $"{(acknowledges ? " acknowledging" : "")}",
            MakeReadOnly(var server, _) => $"MakeReadOnly {server.Channel}",
            Crash(var server, _) => $"Crash {server.Channel}",
            Promote(var server, _) => $"Promote {server.Channel}",
            HandOver(var server, _) => $"HandOver {server.Channel}",
            Seed(var server, var from, var common, _) => $"Seed {server.Channel}<{from.Channel} beyond {common}",
            _ => "Hold",
        };
}
