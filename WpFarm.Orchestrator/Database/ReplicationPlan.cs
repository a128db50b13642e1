using WpFarm.Backups.Gtid;
using WpFarm.Contracts.Settings;
using static WpFarm.Orchestrator.Database.ReplicationAction;

namespace WpFarm.Orchestrator.Database;

/// <summary>
/// Decides what to do about the database servers, given how they were last observed. It is a pure function: the same observations and
/// cluster state give the same actions. It returns no action when all is well: one primary takes writes, it answers a commit only once
/// another server has it, and each server follows every other primary.
/// <para>
/// One server at a time acknowledges; the other primary does if it can. The writer answers a commit only after that acknowledgement. So
/// stopping the acknowledging server from receiving also stops the writer from answering any client, even if the writer itself cannot be
/// reached. This is how an unreachable writer is fenced, and why a wrong suspicion that it is dead does no harm.
/// </para>
/// </summary>
internal static class ReplicationPlan
{
    /// <summary>
    /// Number of transactions. A server that lacks more than this may need a long time to catch up, or may no longer find them in the
    /// binary logs of the others.
    /// </summary>
    public const ulong MostBehind = 1000;

    /// <summary>
    /// A server with a larger lag acknowledges only if no other server is closer: acknowledgements come in order, so it would delay every
    /// commit.
    /// </summary>
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
            return [.. StopReplication(servers, restoring)];
        var writer = servers.FirstOrDefault(server => server.Server == known.Writer && server.IsWritable);
        var intruders = Intruders(servers, writer, known).ToList();
        return writer is not null
                ?
                [
                    .. intruders,
                    .. Followers(servers, writer, known),
                    .. Acknowledgement(servers, writer, known),
                    .. FullDisks(servers, writer, known, policy),
                ]
            : intruders.Count > 0 ? intruders
            : [Successor(servers, known, policy, now)];
    }

    /// <summary>
    /// Sets up the running channels of every server again, so that they use the present replication password. A channel keeps the password
    /// it was created with.
    /// </summary>
    public static IEnumerable<Follow> Renewed(IReadOnlyList<ServerObservation> servers) =>
        from server in servers
        where server.Answers && server.Status.Channels.Any(channel => !channel.IsStopped)
        let sources = servers
            .Select(source => source.Server)
            .Where(source => server.Status!.ChannelTo(source) is { IsStopped: false })
            .ToList()
        select new Follow(
            server.Server,
            sources,
            server.Status!.Acknowledges,
            $"{server.Server} reconnects with the present replication password"
        );

    /// <summary>
    /// During a restore no server takes writes, and all replication stops, so that no old data reaches the server that is being restored.
    /// </summary>
    private static IEnumerable<ReplicationAction> StopReplication(IReadOnlyList<ServerObservation> servers, DatabaseServer restoring)
    {
        const string Reason = "the farm is being restored";
        foreach (var server in servers.Where(server => server.IsWritable))
            yield return server.Status!.AwaitsAcknowledgement && server.Status.Waiting > 0
                ? new Crash(server.Server, Reason)
                : new MakeReadOnly(server.Server, Reason);
        foreach (var server in servers.Where(server => server.Status?.Channels.Any(channel => !channel.IsStopped) == true))
            yield return new Follow(server.Server, [], Acknowledges: false, Reason);
        yield return new Hold(
            $"{Reason}, into {restoring}. If the restoration was interrupted, repeat ./farm restore, or abort it: ./farm restore --give-up"
        );
    }

    /// <summary>Servers that take writes although they are not the writer.</summary>
    private static IEnumerable<ReplicationAction> Intruders(
        IReadOnlyList<ServerObservation> servers,
        ServerObservation? writer,
        ClusterState known
    ) =>
        from server in servers
        where server.IsWritable && server.Server != writer?.Server
        select !server.Server.IsPrimary ? new MakeReadOnly(server.Server, $"{server.Server} is a replica, but takes writes")
        : server.Status!.AwaitsAcknowledgement
            ? new Crash(
                server.Server,
                $"{server.Server} takes writes that no other server acknowledges; {writer?.Server ?? known.Writer} is the writer"
            )
        : (ReplicationAction)
            new MakeReadOnly(server.Server, $"{server.Server} takes writes, but {writer?.Server ?? known.Writer} is the writer");

    private static ReplicationAction Successor(
        IReadOnlyList<ServerObservation> servers,
        ClusterState known,
        FailoverPolicy policy,
        DateTimeOffset now
    )
    {
        var silent = servers.Where(server => !server.Answers).ToList();
        foreach (var quiet in silent.Where(server => server.Server.IsPrimary))
            if (ReceiversFrom(servers, quiet.Server) is { Count: > 0 } receivers)
                return new Hold(
                    $"{quiet.Server} does not answer the Orchestrator ({quiet.Failure}), "
                        + $"but {string.Join(" and ", receivers)} still receive from it"
                );
        if (silent.Find(server => server.Server == known.Writer) is { } lost)
        {
            if (now - known.SilentSince < policy.Confirm)
                return new Hold(
                    $"{lost.Server} does not answer ({lost.Failure}). "
                        + $"Until this has lasted {policy.Confirm.TotalSeconds:0.#} s, it is only suspected"
                );
            if (!known.Awaited)
                return new Hold(
                    $"{lost.Server} does not answer ({lost.Failure}), "
                        + "and when last observed it answered commits before another server had them, "
                        + "so a failover could lose these. Bring it back"
                );
            if (now - known.FailedOverAt < policy.Cooldown)
                return new Hold(
                    $"{lost.Server} does not answer ({lost.Failure}), and the previous failover was only at {known.FailedOverAt:HH:mm:ss}. "
                        + "Find the cause, then allow the next failover: ./farm db acknowledge"
                );
        }

        if (PossibleHolders(silent, known) is { Count: > 0 } holders)
            return new Hold(
                $"no server takes writes, and {string.Join(" and ", holders)} may have a transaction that the others lack, but does not "
                    + "answer. Bring it back, or, if its volume is lost, accept that this transaction may be lost: "
                    + $"./farm db maintenance on {holders[0]}"
            );

        // The promoted server first fetches what it lacks from the others. A server that lacks nothing is ready sooner.
        var answering = servers.Where(server => server.Answers && !Divergence.HasRolledBack(server, known)).ToList();
        var all = answering.Aggregate(GtidPosition.Empty, (position, server) => position.With(server.Status!.Received.OfPrimaries));
        var candidate = answering
            .Where(server => server.Server.IsPrimary && !known.Maintenance.Contains(server.Server))
            .OrderBy(server => known.Reseeding.Contains(server.Server))
            .ThenByDescending(server => server.Status!.Received.Covers(all))
            .ThenBy(server => server.Status!.Received.Behind(all) > MostBehind)
            .ThenByDescending(server => server.Server == known.Writer)
            .FirstOrDefault();
        return candidate is null
            ? new Hold(
                "no server takes writes, and no primary answers"
                    + $"{(silent.Count > 0 ? $": {string.Join("; ", silent.Select(server => $"{server.Server} {server.Failure}"))}" : "")}"
            )
            : new Promote(
                candidate.Server,
                $"no server takes writes, and none of those that do not answer can have a transaction that {candidate.Server} "
                    + "and the others lack"
            );
    }

    /// <summary>
    /// Servers that still receive from this primary. While there are any, the primary is alive, even if the Orchestrator cannot reach it.
    /// </summary>
    private static List<DatabaseServer> ReceiversFrom(IReadOnlyList<ServerObservation> servers, DatabaseServer lost) =>
        servers
            .Where(server => server.Status?.ChannelTo(lost) is { Fetching: ReplicationThread.Running })
            .Select(server => server.Server)
            .ToList();

    /// <summary>
    /// Servers that do not answer and may hold a transaction that a client was told is committed and that no other server has, or may
    /// acknowledge a further one. If the cluster state does not say, any of them may. A server in maintenance does not count: the person
    /// who put it there accepts the risk.
    /// </summary>
    private static List<DatabaseServer> PossibleHolders(List<ServerObservation> silent, ClusterState known)
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
                ? ReplaceData(
                    follower,
                    servers,
                    writer,
                    known,
                    $"{follower.Server} has transactions that {writer.Server} does not have ({status.Position}; {writer.Status!.Position})"
                )
                : new Follow(
                    follower.Server,
                    [],
                    Acknowledges: false,
                    $"{follower.Server} has transactions that {writer.Server} does not have"
                );
        if (status.ChannelTo(writer.Server) is { SourceLacks: true } behind)
            return ReplaceData(
                follower,
                servers,
                writer,
                known,
                $"{follower.Server} lacks transactions that {writer.Server} no longer has: {behind.Error}"
            );
        if (known.Reseeding.Contains(follower.Server) && !status.Acknowledges && follower.Server != writer.Server)
            return ReplaceData(follower, servers, writer, known, $"{follower.Server} is reseeded by order of a person");
        if (status.Channels.FirstOrDefault(channel => channel.IsBroken) is { } broken && !HandsOver(follower, writer, acknowledger))
            return new Hold(
                $"channel {broken.Name} of {follower.Server} is broken: {broken.Error}. "
                    + $"Find out why its data differs, then: ./farm db reseed {follower.Server}"
            );

        var sources = servers
            .Where(source => source.Server.IsPrimary && source.Server != follower.Server && IsFollowed(source, follower, writer, known))
            .Select(source => source.Server)
            .ToList();
        // The previous acknowledger continues until the next one has taken over. A former writer that rolled back unacknowledged
        // transactions must acknowledge too: otherwise it does not accept its own transactions back from the others (MDEV-27760).
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

    /// <summary>
    /// True when this server still acknowledges and another server already does so too. Its data cannot be replaced until it stops
    /// acknowledging.
    /// </summary>
    private static bool HandsOver(ServerObservation follower, ServerObservation writer, ServerObservation? acknowledger) =>
        follower.Status!.Acknowledges
        && acknowledger is not null
        && acknowledger.Server != follower.Server
        && IsAcknowledging(acknowledger, writer);

    /// <summary>
    /// Replaces the server's data by a copy of another server's, if its present data may be discarded: the writer may still depend on a
    /// transaction that only this server acknowledged. Replicas are preferred as the source, because the proxy sends their clients
    /// elsewhere when they are slow. The writer is copied only if there is no other source.
    /// </summary>
    private static ReplicationAction ReplaceData(
        ServerObservation server,
        IReadOnlyList<ServerObservation> servers,
        ServerObservation writer,
        ClusterState known,
        string reason
    )
    {
        if (known.Holders?.ContainsKey(server.Server) != false)
            return new Hold(
                $"{reason}; it may have a transaction that no other server has yet, and waits until another server has acknowledged it"
            );
        var source = servers
            .Where(other => other.Server != server.Server && other.Server != writer.Server && CanBeCopied(other, writer, known))
            .OrderBy(other => other.Server.IsPrimary)
            .ThenBy(other => IsAcknowledging(other, writer))
            .FirstOrDefault()
            ?? writer;
        return new Seed(server.Server, source.Server, Divergence.Common(server, writer, known), reason);
    }

    /// <summary>
    /// True for a server that answers, follows the writer, is not waiting for a reseed and has no transactions that the writer lacks.
    /// </summary>
    public static bool CanBeCopied(ServerObservation source, ServerObservation writer, ClusterState known) =>
        source.Answers
        && source.Status.ChannelTo(writer.Server) is { IsRunning: true }
        && !known.Reseeding.Contains(source.Server)
        && !Divergence.IsIn(source, writer, known);

    /// <summary>
    /// True for the writer, and for a standby primary that answers, is read-only and has no transactions of its own. A standby that does
    /// not answer could come back as a writer, and a server that still followed it would acknowledge its commits. A standby that is still
    /// catching up does not have the follower's next transactions yet.
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
                    { IsRefused: true } => $"channel {source.Channel} of {follower} is refused: it uses another password than its source",
                    _ => null,
                } is
                { } reason
            )
                yield return reason;
        foreach (
            var channel in status.Channels.Where(channel => !channel.IsStopped && !sources.Exists(source => source.Channel == channel.Name))
        )
            yield return $"{follower} must not follow channel {channel.Name} now";
        if (status.Acknowledges != acknowledges)
            yield return $"{follower} {(acknowledges ? "must acknowledge" : "acknowledges, but another server does")}";
    }

    /// <summary>
    /// Chooses the server that acknowledges. Among servers close to the writer: the other primary, then the present acknowledger, then any.
    /// If none is close: the present acknowledger, then the server that has received most. A server that waits for a reseed is chosen only
    /// if there is no other.
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

    /// <summary>
    /// True when the server has nearly everything the writer has. A server that is being copied counts while it receives: it can
    /// acknowledge as before, and a change to its replication would abort the copy.
    /// </summary>
    private static bool IsClose(ServerObservation server, ServerObservation writer) =>
        server.Status!.ChannelTo(writer.Server) is { } channel
        && (
            server.Status.IsCopied
                ? channel.Fetching is ReplicationThread.Running
                : channel is { IsRunning: true, Lag: { } lag } && lag <= s_close
        )
        // Right after it connects, a server does not report its lag yet, so the transaction numbers are compared too.
        && server.Status.Received.NumberIn(writer.Status!.Domain) + MostBehind > writer.Status.Position.NumberIn(writer.Status.Domain);

    private static bool IsAcknowledging(ServerObservation server, ServerObservation writer) =>
        server.Status is { Acknowledges: true } status && status.ChannelTo(writer.Server) is { IsRunning: true };

    private static IEnumerable<ReplicationAction> Acknowledgement(
        IReadOnlyList<ServerObservation> servers,
        ServerObservation writer,
        ClusterState known
    )
    {
        var others = servers.Where(server => server.Server != writer.Server).ToList();
        // An operator put every other server into maintenance, and thereby decided to go on without a second copy.
        var alone = others.TrueForAll(server => known.Maintenance.Contains(server.Server));
        if (writer.Status!.AwaitsAcknowledgement && alone)
            yield return new AwaitAcknowledgement(
                writer.Server,
                Awaits: false,
                $"every server except {writer.Server} is in maintenance, so it answers commits that no other server has"
            );
        else if (!writer.Status.AwaitsAcknowledgement && !alone && writer.Status.Acknowledgers > 0)
            yield return new AwaitAcknowledgement(
                writer.Server,
                Awaits: true,
                $"{writer.Server} answers commits before another server has them"
            );
        // A server acknowledges a transaction only once, when it arrives. It never acknowledges what it had received before it was told to
        // acknowledge. Sessions that wait for such an acknowledgement block all other commits.
        else if (
            known.IsStuck
            && others.Exists(server =>
                server.Answers
                && IsAcknowledging(server, writer)
                && server.Status.Received.Covers(writer.Status.Position.Of(writer.Status.Domain))
            )
        )
            yield return new EndWaiting(
                writer.Server,
                $"commits on {writer.Server} wait for an acknowledgement of what the acknowledging server had received before"
            );
        else if (writer.Status.AwaitsAcknowledgement && writer.Status.Acknowledgers == 0)
            yield return new Hold($"no server acknowledges the commits of {writer.Server}, so they wait. Bring another server back");
    }

    /// <summary>
    /// For each server whose disk is nearly full: a switchover if it is the writer and the other primary has room, otherwise a warning.
    /// </summary>
    private static IEnumerable<ReplicationAction> FullDisks(
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
                ? new Hold($"{reason}. Free space there")
                : new HandOver(next.Server, $"{reason}, and {next.Server} has {next.Status!.Free} MB");
        }
    }
}
