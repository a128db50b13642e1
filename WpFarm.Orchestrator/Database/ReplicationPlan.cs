using WpFarm.Backups.Gtid;
using WpFarm.Contracts.Settings;
using static WpFarm.Orchestrator.Database.ReplicationAction;

namespace WpFarm.Orchestrator.Database;

/// <summary>
/// What to do about the servers as they were last seen. Pure: the same observations and knowledge give the same actions, and none when
/// the servers are as they should be: one primary takes writes and answers them once another server has them, each server follows every
/// other primary.
/// <para>
/// One server at a time acknowledges, the other primary if it can. A commit is answered only after that, so whoever stops that one from
/// receiving stops the writer from answering anybody, wherever it is: this is how a writer that cannot be reached is fenced, and why it
/// does no harm to be wrong about its death.
/// </para>
/// </summary>
internal static class ReplicationPlan
{
    /// <summary>
    /// Transactions. A server that lacks more of what others have may not be able to get it from their binary logs, or takes long.
    /// </summary>
    public const ulong Much = 1000;

    /// <summary>A server this far behind would hold up every commit, were it to acknowledge: acknowledgements come in order.</summary>
    private static readonly TimeSpan s_close = TimeSpan.FromSeconds(2);

    /// <param name="servers">One observation per server, the preferred primary first.</param>
    /// <returns>Actions, the most urgent first: a second writer does harm at once, a missing channel only later.</returns>
    public static IReadOnlyList<ReplicationAction> Decide(
        IReadOnlyList<ServerObservation> servers,
        ClusterState known,
        FailoverPolicy policy,
        DateTimeOffset now
    )
    {
        if (known.Restoring is { } restoring)
            return [.. Still(servers, restoring)];
        var writer = servers.FirstOrDefault(server => server.Server == known.Writer && server.IsWritable);
        var intruders = Intruders(servers, writer, known).ToList();
        return writer is not null
                ?
                [
                    .. intruders,
                    .. Followers(servers, writer, known),
                    .. Acknowledgement(servers, writer, known),
                    .. Room(servers, writer, known, policy),
                ]
            : intruders.Count > 0 ? intruders
            : [Successor(servers, known, policy, now)];
    }

    /// <summary>Everybody goes on with what it does, with the password as it is now: a channel keeps the one that it was made with.</summary>
    public static IEnumerable<Follow> Renewed(IReadOnlyList<ServerObservation> servers) =>
        from server in servers
        where server.Answers && server.Status.Channels.Any(channel => !channel.IsStopped)
        let sources = servers
            .Select(source => source.Server)
            .Where(source => server.Status!.ChannelTo(source) is { IsStopped: false })
            .ToList()
        select new Follow(server.Server, sources, server.Status!.Acknowledges, $"{server.Server} takes the password of replication anew");

    /// <summary>While the farm is restored nothing is written anywhere, and nothing of what there was gets to the server that is restored.</summary>
    private static IEnumerable<ReplicationAction> Still(IReadOnlyList<ServerObservation> servers, DatabaseServer restoring)
    {
        const string Reason = "the farm is being restored";
        foreach (var server in servers.Where(server => server.IsWritable))
            yield return server.Status!.AwaitsAcknowledgement && server.Status.Waiting > 0
                ? new Crash(server.Server, Reason)
                : new MakeReadOnly(server.Server, Reason);
        foreach (var server in servers.Where(server => server.Status?.Channels.Any(channel => !channel.IsStopped) == true))
            yield return new Follow(server.Server, [], Acknowledges: false, Reason);
        yield return new Hold($"{Reason}, into {restoring}. When that was broken off: ./farm restore again, or ./farm restore --give-up");
    }

    /// <summary>Who takes writes and is not the writer.</summary>
    private static IEnumerable<ReplicationAction> Intruders(
        IReadOnlyList<ServerObservation> servers,
        ServerObservation? writer,
        ClusterState known
    ) =>
        from server in servers
        where server.IsWritable && server.Server != writer?.Server
        select !server.Server.IsPrimary ? new MakeReadOnly(server.Server, $"{server.Server} is a replica, and takes writes")
        : server.Status!.AwaitsAcknowledgement
            ? new Crash(
                server.Server,
                $"{server.Server} takes writes that nobody acknowledges; {writer?.Server ?? known.Writer} is the writer"
            )
        : (ReplicationAction)
            new MakeReadOnly(server.Server, $"{server.Server} takes writes, and {writer?.Server ?? known.Writer} is the writer");

    private static ReplicationAction Successor(
        IReadOnlyList<ServerObservation> servers,
        ClusterState known,
        FailoverPolicy policy,
        DateTimeOffset now
    )
    {
        var silent = servers.Where(server => !server.Answers).ToList();
        foreach (var quiet in silent.Where(server => server.Server.IsPrimary))
            if (Listeners(servers, quiet.Server) is { Count: > 0 } listeners)
                return new Hold(
                    $"{quiet.Server} does not answer here ({quiet.Failure}), but {string.Join(" and ", listeners)} still receive from it"
                );
        if (silent.Find(server => server.Server == known.Writer) is { } lost)
        {
            if (now - known.SilentSince < policy.Confirm)
                return new Hold($"{lost.Server} does not answer ({lost.Failure}): suspected");
            if (!known.Awaited)
                return new Hold(
                    $"{lost.Server} does not answer ({lost.Failure}), and when last seen it answered commits that no other server had to have"
                );
            if (now - known.FailedOverAt < policy.Cooldown)
                return new Hold(
                    $"{lost.Server} does not answer ({lost.Failure}), and the writer before failed only at {known.FailedOverAt:HH:mm:ss}: a person must look, then ./farm db acknowledge"
                );
        }

        if (Missing(silent, known) is { Count: > 0 } missing)
            return new Hold(
                $"nobody takes writes, and {string.Join(" and ", missing)} may have a transaction that the others lack, and does not answer. Bring it back, or, if it is gone for good and what only it has may be lost: ./farm db maintenance on {missing[0]}"
            );

        // Whoever is promoted first gets what it lacks from the others; one that lacks nothing is ready sooner.
        var answering = servers.Where(server => server.Answers && !Divergence.HasRolledBack(server, known)).ToList();
        var all = answering.Aggregate(GtidPosition.Empty, (position, server) => position.With(server.Status!.Received.OfPrimaries));
        var candidate = answering
            .Where(server => server.Server.IsPrimary && !known.Maintenance.Contains(server.Server))
            .OrderBy(server => known.Reseeding.Contains(server.Server))
            .ThenByDescending(server => server.Status!.Received.Covers(all))
            .ThenBy(server => server.Status!.Received.Behind(all) > Much)
            .ThenByDescending(server => server.Server == known.Writer)
            .FirstOrDefault();
        return candidate is null
            ? new Hold(
                $"nobody takes writes, and no primary answers{(silent.Count > 0 ? $": {string.Join("; ", silent.Select(server => $"{server.Server} {server.Failure}"))}" : "")}"
            )
            : new Promote(
                candidate.Server,
                $"nobody takes writes, and nobody who does not answer can have what {candidate.Server} and the others lack"
            );
    }

    /// <summary>A primary is gone when nobody hears from it, not when one cannot reach it.</summary>
    private static List<DatabaseServer> Listeners(IReadOnlyList<ServerObservation> servers, DatabaseServer lost) =>
        servers
            .Where(server => server.Status?.ChannelTo(lost) is { Fetching: ReplicationThread.Running })
            .Select(server => server.Server)
            .ToList();

    /// <summary>
    /// Silent servers that may have a transaction that was answered and that no other server has, or may acknowledge another. When nothing
    /// is known, any may. A person who takes a server into maintenance answers for it.
    /// </summary>
    private static List<DatabaseServer> Missing(List<ServerObservation> silent, ClusterState known)
    {
        var may = silent
            .Select(server => server.Server)
            .Where(server => !known.Maintenance.Contains(server) && !known.Deposed.Contains(server))
            .ToList();
        return known.Writer is { } writer
            ? may.FindAll(server => server != writer && (known.Holders is null || known.Holders.ContainsKey(server)))
            : may;
    }

    private static IEnumerable<ReplicationAction> Followers(
        IReadOnlyList<ServerObservation> servers,
        ServerObservation writer,
        ClusterState known
    )
    {
        var acknowledger = Acknowledger(servers, writer, known);
        foreach (var follower in servers.Where(server => server.Server != writer.Server && server.Answers).Append(writer))
            if (Follower(follower, servers, writer, acknowledger, known) is { } action)
                yield return action;
    }

    private static ReplicationAction? Follower(
        ServerObservation follower,
        IReadOnlyList<ServerObservation> servers,
        ServerObservation writer,
        ServerObservation? acknowledger,
        ClusterState known
    )
    {
        var status = follower.Status!;
        if (Divergence.IsIn(follower, writer, known))
            return status.Channels.All(channel => channel.IsStopped)
                ? Anew(
                    follower,
                    servers,
                    writer,
                    known,
                    $"{follower.Server} has transactions that {writer.Server} has not ({status.Position}; {writer.Status!.Position})"
                )
                : new Follow(follower.Server, [], Acknowledges: false, $"{follower.Server} has transactions that {writer.Server} has not");
        if (status.ChannelTo(writer.Server) is { SourceLacks: true } behind)
            return Anew(follower, servers, writer, known, $"{follower.Server} lacks what {writer.Server} has no longer: {behind.Error}");
        if (known.Reseeding.Contains(follower.Server) && !status.Acknowledges && follower.Server != writer.Server)
            return Anew(follower, servers, writer, known, $"{follower.Server} is to be seeded anew, asked for by a person");
        if (status.Channels.FirstOrDefault(channel => channel.IsBroken) is { } broken && !HandsOver(follower, writer, acknowledger))
            return new Hold(
                $"channel {broken.Name} of {follower.Server} is broken: {broken.Error}. Find out why its data differs, then: ./farm db reseed {follower.Server}"
            );

        var sources = servers
            .Where(source => source.Server.IsPrimary && source.Server != follower.Server && IsFollowed(source, follower, writer, known))
            .Select(source => source.Server)
            .ToList();
        // The one before goes on until the next has taken over. And a former writer that gave up what nobody had acknowledged takes
        // back from the others what it wrote itself only while it acknowledges (MDEV-27760).
        var acknowledges =
            follower.Server == acknowledger?.Server
            || (follower.Server != writer.Server && !status.Position.Covers(writer.Status!.Position.Of(status.Domain)))
            || (
                status.Acknowledges
                && follower.Server != writer.Server
                && acknowledger is not null
                && !IsAcknowledging(acknowledger, writer)
            );
        var reasons = Differences(follower.Server, status, sources, acknowledges).ToList();
        return reasons.Count == 0 ? null : new Follow(follower.Server, sources, acknowledges, string.Join("; ", reasons));
    }

    /// <summary>It acknowledges, and another server does so too by now. Until it stops, its data cannot be replaced.</summary>
    private static bool HandsOver(ServerObservation follower, ServerObservation writer, ServerObservation? acknowledger) =>
        follower.Status!.Acknowledges
        && acknowledger is not null
        && acknowledger.Server != follower.Server
        && IsAcknowledging(acknowledger, writer);

    /// <summary>
    /// A copy of another server's data, if what this one has may go: the writer must not miss an acknowledgement that it may have given.
    /// Replicas are copied first, as their clients are led elsewhere when they are slow; the writer only when there is nobody else.
    /// </summary>
    private static ReplicationAction Anew(
        ServerObservation server,
        IReadOnlyList<ServerObservation> servers,
        ServerObservation writer,
        ClusterState known,
        string reason
    )
    {
        if (known.Holders?.ContainsKey(server.Server) != false)
            return new Hold($"{reason}; it may have what no other server has yet, and waits until another has acknowledged that");
        var source = servers
            .Where(other => other.Server != server.Server && other.Server != writer.Server && CanBeCopied(other, writer, known))
            .OrderBy(other => other.Server.IsPrimary)
            .ThenBy(other => IsAcknowledging(other, writer))
            .FirstOrDefault()
            ?? writer;
        return new Seed(server.Server, source.Server, Divergence.Common(server, writer, known), reason);
    }

    /// <summary>It follows the writer, and has nothing of its own.</summary>
    public static bool CanBeCopied(ServerObservation source, ServerObservation writer, ClusterState known) =>
        source.Answers
        && source.Status.ChannelTo(writer.Server) is { IsRunning: true }
        && !known.Reseeding.Contains(source.Server)
        && !Divergence.IsIn(source, writer, known);

    /// <summary>
    /// The writer is; and a standby that answers, is read-only and has nothing of its own. One that does not answer could come back as a
    /// writer, and whoever still followed it would answer for it. One that is still catching up has not yet what comes next.
    /// </summary>
    private static bool IsFollowed(ServerObservation source, ServerObservation follower, ServerObservation writer, ClusterState known) =>
        source.Server == writer.Server
        || (
            source is { Answers: true, Status.ReadOnly: true }
            && !Divergence.IsIn(source, writer, known)
            && (
                follower.Status!.ChannelTo(source.Server) is { IsStopped: false }
                || source.Status.Position.Covers(follower.Status.Position.OfPrimaries)
            )
        );

    private static IEnumerable<string> Differences(
        DatabaseServer follower,
        ServerStatus status,
        List<DatabaseServer> sources,
        bool acknowledges
    )
    {
        foreach (var source in sources)
            if (
                status.ChannelTo(source) switch
                {
                    null => $"{follower} does not follow {source}",
                    { Source: var other } when other != source.Name =>
                        $"channel {source.Channel} of {follower} follows {other} instead of {source}",
                    { ByGtid: false } => $"channel {source.Channel} of {follower} follows by file and offset, not by GTID",
                    { IsStopped: true, Fetching: var fetching } when !status.IsCopied || fetching is ReplicationThread.Stopped =>
                        $"channel {source.Channel} of {follower} is stopped",
                    { IsRefused: true } => $"channel {source.Channel} of {follower} is refused: it was made with another password",
                    _ => null,
                } is
                { } reason
            )
                yield return reason;
        foreach (
            var channel in status.Channels.Where(channel => !channel.IsStopped && !sources.Exists(source => source.Channel == channel.Name))
        )
            yield return $"channel {channel.Name} of {follower} must not be followed now";
        if (status.Acknowledges != acknowledges)
            yield return $"{follower} {(acknowledges ? "is to acknowledge" : "acknowledges, and another does")}";
    }

    /// <summary>
    /// Who is to acknowledge: the other primary, the one that does now, any that is close; if none is, the one that has most. One that is to
    /// be seeded anew only when there is nobody else.
    /// </summary>
    private static ServerObservation? Acknowledger(IReadOnlyList<ServerObservation> servers, ServerObservation writer, ClusterState known)
    {
        var able = servers
            .Where(server =>
                server.Server != writer.Server
                && server.Answers
                && !known.Maintenance.Contains(server.Server)
                && !Divergence.IsIn(server, writer, known)
                && !server.Status.Channels.Any(channel => channel.IsBroken)
            )
            .ToList();
        return able.Where(server => IsClose(server, writer))
            .OrderBy(server => known.Reseeding.Contains(server.Server))
            .ThenByDescending(server => server.Server.IsPrimary)
            .ThenByDescending(server => IsAcknowledging(server, writer))
            .FirstOrDefault()
            ?? able.Find(server => server.Status!.Acknowledges)
            ?? able.Find(server => able.TrueForAll(other => server.Status!.Received.Covers(other.Status!.Received.OfPrimaries)))
            ?? able.FirstOrDefault();
    }

    /// <summary>One that is copied receives, and can acknowledge, as before; it is left alone, or the copy would end.</summary>
    private static bool IsClose(ServerObservation server, ServerObservation writer) =>
        server.Status!.ChannelTo(writer.Server) is { } channel
        && (
            server.Status.IsCopied
                ? channel.Fetching is ReplicationThread.Running
                : channel is { IsRunning: true, Lag: { } lag } && lag <= s_close
        )
        // Right after it has connected, a server does not know yet by how much time it is behind.
        && server.Status.Received.NumberIn(writer.Status!.Domain) + Much > writer.Status.Position.NumberIn(writer.Status.Domain);

    private static bool IsAcknowledging(ServerObservation server, ServerObservation writer) =>
        server.Status is { Acknowledges: true } status && status.ChannelTo(writer.Server) is { IsRunning: true };

    private static IEnumerable<ReplicationAction> Acknowledgement(
        IReadOnlyList<ServerObservation> servers,
        ServerObservation writer,
        ClusterState known
    )
    {
        var others = servers.Where(server => server.Server != writer.Server).ToList();
        // A person took every other server away: to go on without a second copy was decided with that.
        var alone = others.TrueForAll(server => known.Maintenance.Contains(server.Server));
        if (writer.Status!.AwaitsAcknowledgement && alone)
            yield return new AwaitAcknowledgement(
                writer.Server,
                Awaits: false,
                $"every server but {writer.Server} is in maintenance: its writes are on it alone"
            );
        else if (!writer.Status.AwaitsAcknowledgement && !alone && writer.Status.Acknowledgers > 0)
            yield return new AwaitAcknowledgement(
                writer.Server,
                Awaits: true,
                $"{writer.Server} answers commits that no other server has to have"
            );
        // An acknowledgement is sent once, on arrival. What a server had received before it was told to acknowledge, it never will; and
        // those who wait for that let nobody else commit either.
        else if (
            known.IsStuck
            && others.Exists(server =>
                server.Answers
                && IsAcknowledging(server, writer)
                && server.Status.Received.Covers(writer.Status.Position.Of(writer.Status.Domain))
            )
        )
            yield return new EndWaiting(writer.Server, $"commits wait on {writer.Server} for what its acknowledger had received before");
        else if (writer.Status.AwaitsAcknowledgement && writer.Status.Acknowledgers == 0)
            yield return new Hold($"no server acknowledges what {writer.Server} writes: its commits wait");
    }

    /// <summary>Servers whose disk is nearly full.</summary>
    private static IEnumerable<ReplicationAction> Room(
        IReadOnlyList<ServerObservation> servers,
        ServerObservation writer,
        ClusterState known,
        FailoverPolicy policy
    )
    {
        foreach (var full in servers.Where(server => server.Status?.Free < policy.LeastFree))
        {
            var reason = $"{full.Server} has {full.Status!.Free} MB free on its disk";
            var next =
                full.Server != writer.Server
                    ? null
                    : servers.FirstOrDefault(server =>
                        server.Server.IsPrimary
                        && server.Server != writer.Server
                        && server.Answers
                        && !known.IsOut(server.Server)
                        && IsClose(server, writer)
                        && server.Status.Free >= 2 * policy.LeastFree
                    );
            yield return next is null
                ? new Hold($"{reason}: make room")
                : new HandOver(next.Server, $"{reason}, and {next.Server} {next.Status!.Free}");
        }
    }
}
