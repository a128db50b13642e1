using System.Collections.Immutable;
using WpFarm.Backups.Gtid;

namespace WpFarm.Orchestrator.Database;

/// <summary>
/// What the Orchestrator remembers from earlier observations of the servers. Without it (when the Orchestrator starts while the writer is
/// gone) it does less automatically, but nothing less safely.
/// </summary>
internal sealed record ClusterState
{
    /// <summary>
    /// Number of changes of the writer that are remembered. A server that was away for more of them can no longer be checked for
    /// divergence, and an operator must reseed it.
    /// </summary>
    private const int GapsKept = 100;

    /// <summary>The server that takes writes, or took them last.</summary>
    public DatabaseServer? Writer { get; init; }

    /// <summary>
    /// Servers that may have acknowledged a write of <see cref="Writer"/> that no other server has. The value is the writer's position when
    /// the server was first seen not to acknowledge any more: once another acknowledging server has that position, this server is no longer
    /// needed. A null value: the server may still acknowledge. If the dictionary itself is null, this is unknown, and any server may have
    /// done so.
    /// </summary>
    public ImmutableDictionary<DatabaseServer, GtidPosition?>? Holders { get; init; }

    /// <summary>True when the writer, at its last observation, answered commits only once another server had them.</summary>
    public bool Awaited { get; init; }

    /// <summary>
    /// Former writers that have not yet been observed as read-only and without transactions of their own. No server may follow them.
    /// </summary>
    public ImmutableHashSet<DatabaseServer> Deposed { get; init; } = [];

    /// <summary>The most recent gaps, the latest first.</summary>
    public ImmutableList<Gap> Gaps { get; init; } = [];

    /// <summary>Servers in maintenance: they are given no role.</summary>
    public ImmutableHashSet<DatabaseServer> Maintenance { get; init; } = [];

    /// <summary>
    /// Servers whose data an operator wants replaced by a copy of another server's. They are given no role until that is done.
    /// </summary>
    public ImmutableHashSet<DatabaseServer> Reseeding { get; init; } = [];

    /// <summary>The writer's position at the last observation, if commits were waiting on it then; otherwise null.</summary>
    public GtidPosition? WaitedAt { get; init; }

    /// <summary>True when commits wait on the writer and its position has not changed since the previous observation.</summary>
    public bool IsStuck { get; init; }

    /// <summary>Since when the writer has not answered. Null while it answers.</summary>
    public DateTimeOffset? SilentSince { get; init; }

    /// <summary>Time of the last failover. Null when there was none, or an operator has acknowledged it.</summary>
    public DateTimeOffset? FailedOverAt { get; init; }

    /// <summary>
    /// The server that the farm is being restored into. Until the restore is done or aborted, no server takes writes and no server follows
    /// another. Null when no restore is under way.
    /// </summary>
    public DatabaseServer? Restoring { get; init; }

    /// <summary>
    /// When the farm was last restored or, if never, created. Its history of transactions begins then. Null for a farm that is older than
    /// this field.
    /// </summary>
    public DateTimeOffset? HistorySince { get; init; }

    /// <summary>Tiers whose autoscaling an operator has paused.</summary>
    public ImmutableHashSet<string> ScalingPaused { get; init; } = [];

    /// <summary>Until this time a deployment runs, and only it starts and ends containers. Null when none runs.</summary>
    public DateTimeOffset? ScalingHeldUntil { get; init; }

    /// <summary>True when the server must not be given a role: it is in maintenance, or waits for a reseed.</summary>
    public bool IsOut(DatabaseServer server) => Maintenance.Contains(server) || Reseeding.Contains(server);

    public ClusterState After(IReadOnlyList<ServerObservation> servers, DateTimeOffset now)
    {
        var writer = WriterAmong(servers);
        var known = (
            writer is null || writer.Server == Writer
                ? this
                : this with
                {
                    Writer = writer.Server,
                    Holders = null,
                    Deposed = Deposed.Remove(writer.Server),
                }
        ).Cleared(servers);
        if (writer is not null)
            return known with
            {
                SilentSince = null,
                Awaited = writer.Status!.AwaitsAcknowledgement,
                Holders = known.HoldersOf(writer, servers),
                WaitedAt = writer.Status.Waiting > 0 ? writer.Status.Position : null,
                IsStuck = writer.Status.Waiting > 0 && writer.Status.Position.Equals(known.WaitedAt),
            };
        var answers = servers.Any(server => server.Server == known.Writer && server.Answers);
        return known with { SilentSince = answers ? null : SilentSince ?? now };
    }

    /// <summary>
    /// The state to store before a server is told to acknowledge: from then on it may have transactions that no other server has.
    /// </summary>
    public ClusterState WithHolder(DatabaseServer server) => this with { Holders = Holders?.SetItem(server, null) };

    /// <summary>The state after a promotion has succeeded.</summary>
    /// <param name="silent">The primaries that did not answer. Any of them may have been a writer, and may come back as one.</param>
    /// <param name="failedOver">True when the previous writer did not answer.</param>
    /// <param name="gap">The numbers that the new term skips.</param>
    public ClusterState Promoted(DatabaseServer writer, IEnumerable<DatabaseServer> silent, Gap gap, bool failedOver, DateTimeOffset now) =>
        this with
        {
            Writer = writer,
            Holders = null,
            Awaited = true,
            SilentSince = null,
            Deposed = [.. silent],
            Gaps = [gap, .. Gaps.Take(GapsKept - 1)],
            FailedOverAt = failedOver ? now : FailedOverAt,
        };

    /// <summary>The state after the farm was restored into this server.</summary>
    /// <param name="others">Servers that have no copy of the restored data yet.</param>
    /// <param name="gaps">Numbers of transactions that no longer exist after the restore.</param>
    public ClusterState Restored(DatabaseServer writer, IEnumerable<DatabaseServer> others, IEnumerable<Gap> gaps, DateTimeOffset now) =>
        this with
        {
            Restoring = null,
            HistorySince = now,
            Writer = writer,
            Holders = ImmutableDictionary<DatabaseServer, GtidPosition?>.Empty,
            Awaited = true,
            SilentSince = null,
            Deposed = [.. others.Where(other => other.IsPrimary)],
            Reseeding = [.. others],
            Gaps = [.. gaps.Concat(Gaps).Take(GapsKept)],
            FailedOverAt = null,
        };

    /// <summary>
    /// Finds the writer: the known one; otherwise a writable primary that another server acknowledges; otherwise a writable primary that
    /// has everything the others have. A writable primary that is none of these is a former writer that missed later transactions.
    /// </summary>
    private ServerObservation? WriterAmong(IReadOnlyList<ServerObservation> servers)
    {
        var writable = servers
            .Where(server => server is { IsWritable: true, Server.IsPrimary: true } && !Deposed.Contains(server.Server))
            .ToList();
        return writable.Find(server => server.Server == Writer)
            ?? writable.Find(server => server.Status!.Acknowledgers > 0)
            ?? writable.Find(server => servers.All(other => !other.Answers || !Divergence.IsIn(other, server, this)));
    }

    private ClusterState Cleared(IReadOnlyList<ServerObservation> servers) =>
        servers.FirstOrDefault(server => server.Server == Writer) is { IsWritable: true } writer
            ? this with
            {
                Deposed = Deposed.Except(
                    servers
                        .Where(server => server is { Answers: true, Status.ReadOnly: true } && !Divergence.IsIn(server, writer, this))
                        .Select(server => server.Server)
                ),
            }
            : this;

    private ImmutableDictionary<DatabaseServer, GtidPosition?> HoldersOf(ServerObservation writer, IReadOnlyList<ServerObservation> servers)
    {
        var others = servers.Where(server => server.Server != writer.Server).ToList();
        var acknowledging = others
            .Where(server => server.Status is { Acknowledges: true } status && status.ChannelTo(writer.Server) is { IsStopped: false })
            .ToList();
        var connected = acknowledging.Where(server => server.Status!.ChannelTo(writer.Server)!.IsRunning).ToList();
        var holders = ImmutableDictionary.CreateBuilder<DatabaseServer, GtidPosition?>();
        foreach (var other in others)
        {
            if (acknowledging.Contains(other))
                holders[other.Server] = null;
            else if (Holders is null ? !other.Answers : Holders.ContainsKey(other.Server))
            {
                // A server that does not answer may still acknowledge, or begin to again: it was told to, and cannot be told to stop.
                var mark = Holders?.GetValueOrDefault(other.Server) ?? (other.Answers ? writer.Status!.Position : null);
                if (mark is null || !connected.Exists(server => server.Status!.Received.Covers(mark.Of(writer.Status!.Domain))))
                    holders[other.Server] = mark;
            }
        }

        return holders.ToImmutable();
    }
}
