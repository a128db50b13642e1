using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using WpFarm.Orchestrator.Database;
using static WpFarm.Orchestrator.Database.ReplicationAction;
using static WpFarm.Tests.Orchestrator.TestServers;

namespace WpFarm.Tests.Orchestrator;

/// <summary>What holds for whatever is seen of the servers.</summary>
[Properties(Arbitrary = [typeof(Sightings)], MaxTest = 2000)]
public sealed class ReplicationPlanProperties
{
    [Property]
    public void There_is_never_more_than_one_writer_afterwards(Sighting seen)
    {
        var actions = ReplicationPlan.Decide(seen.Servers);

        var writers = seen.Servers.Where(server => server.IsWritable).Select(server => server.Server)
            .Except(actions.OfType<MakeReadOnly>().Select(action => action.Server))
            .Union(actions.OfType<MakeWritable>().Select(action => action.Server)).ToList();
        Assert.True(writers.Count <= 1);
        Assert.All(writers, writer => Assert.True(writer.IsPrimary));
    }

    [Property]
    public void Nobody_is_promoted_while_anybody_takes_writes_or_a_primary_is_silent(Sighting seen)
    {
        if (ReplicationPlan.Decide(seen.Servers).OfType<MakeWritable>().Any())
            Assert.All(seen.Servers, server => Assert.True(!server.IsWritable && (server.Answers || !server.Server.IsPrimary)));
    }

    [Property]
    public void Whoever_is_promoted_has_everything_that_the_other_primary_has(Sighting seen)
    {
        foreach (var promoted in ReplicationPlan.Decide(seen.Servers).OfType<MakeWritable>())
            Assert.All(seen.Servers.Where(server => server.Server.IsPrimary), other =>
                Assert.True(seen.Of(promoted.Server).Status!.Position.Covers(other.Status!.Position.Only(new HashSet<uint> { 1, 2 }))));
    }

    [Property]
    public void A_writer_that_has_everything_is_never_stopped(Sighting seen)
    {
        foreach (var stopped in ReplicationPlan.Decide(seen.Servers).OfType<MakeReadOnly>().Where(action => action.Server.IsPrimary))
            Assert.Contains(seen.Servers, other => other.IsWritable && other.Server != stopped.Server && other.Server.IsPrimary
                && !(seen.Of(stopped.Server).Status!.Position.Covers(other.Status.Position) && !other.Status.Position.Covers(seen.Of(stopped.Server).Status!.Position)));
    }

    [Property]
    public void Who_does_not_answer_is_left_alone(Sighting seen)
    {
        var touched = ReplicationPlan.Decide(seen.Servers).Select(action => action switch
        {
            Follow(var server, _, _, _) => server,
            StartChannel(var server, _, _) => server,
            MakeReadOnly(var server, _) => server,
            MakeWritable(var server, _) => server,
            _ => null,
        }).OfType<DatabaseServer>();

        Assert.All(touched, server => Assert.True(seen.Of(server).Answers));
    }

    public sealed class Sighting
    {
        internal IReadOnlyList<ServerObservation> Servers { get; init; } = [];

        internal ServerObservation Of(DatabaseServer server) => Servers.Single(seen => seen.Server == server);

        public override string ToString() => string.Join(
            "; ", Servers.Select(s => s.Answers ? $"{s.Server} {(s.IsWritable ? "rw" : "ro")} {s.Status.Position}" : $"{s.Server} silent"));
    }

    public static class Sightings
    {
        public static Arbitrary<Sighting> Any() => (
            from p1 in Seeing(P1)
            from p2 in Seeing(P2)
            from r1 in Seeing(R1)
            from r2 in Seeing(R2)
            select new Sighting { Servers = [p1, p2, r1, r2] }).ToArbitrary();

        private static Gen<ServerObservation> Seeing(DatabaseServer server) =>
            from answers in Gen.Frequency((1, Gen.Constant(false)), (6, Gen.Constant(true)))
            from readOnly in Gen.Frequency((1, Gen.Constant(false)), (3, Gen.Constant(true)))
            from one in Gen.Choose(0, 3)
            from two in Gen.Choose(0, 2)
            from own in Gen.Choose(0, 1)
            from channels in Channels(server)
            select answers ? Seen(server, readOnly, $"1-1-{one},2-2-{two}{(server.IsPrimary ? "" : $",11-11-{own}")}", channels) : Silent(server);

        private static Gen<IReadOnlyList<ChannelStatus>> Channels(DatabaseServer server) =>
            Following(server).Aggregate(
                Gen.Constant<IReadOnlyList<ChannelStatus>>([]),
                (channels, channel) =>
                    from before in channels
                    from there in Gen.Elements(true, true, true, false)
                    from fetching in Gen.Elements(ReplicationThread.Running, ReplicationThread.Connecting, ReplicationThread.Stopped)
                    from error in Gen.Elements<string?>(null, "broken")
                    select there ? [.. before, channel with { Fetching = fetching, Error = error }] : before);
    }
}
