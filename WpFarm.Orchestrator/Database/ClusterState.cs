using System.Collections.Immutable;
using WpFarm.Backups.Gtid;

namespace WpFarm.Orchestrator.Database;

/// <summary>
/// What earlier looks at the servers leave to be known. Without it (after a start of the Orchestrator while the writer is gone) less
/// is done by itself, and nothing less safely.
/// </summary>
internal sealed record ClusterState
{
    /// <summary>A server that has been away for so many changes of the writer is not told apart any more, and must be reseeded by hand.</summary>
    private const int GapsKept = 100;

    /// <summary>Who takes writes, or did last.</summary>
    public DatabaseServer? Writer { get; init; }

    /// <summary>
    /// Servers that may have acknowledged a write of <see cref="Writer"/> that no other server has. The value is where the writer was
    /// when the server was first seen not to acknowledge any more: once another that acknowledges has that, this one is not needed.
    /// Null: it may still acknowledge. Null altogether: not known, so any may.
    /// </summary>
    public ImmutableDictionary<DatabaseServer, GtidPosition?>? Holders { get; init; }

    /// <summary>The writer answered commits only once another server had them, when last seen.</summary>
    public bool Awaited { get; init; }

    /// <summary>Former writers that have not been seen since to be read-only with nothing of their own: nobody may follow them.</summary>
    public ImmutableHashSet<DatabaseServer> Deposed { get; init; } = [];

    /// <summary>The last ones, the latest first.</summary>
    public ImmutableList<Gap> Gaps { get; init; } = [];

    /// <summary>Servers that a person takes care of: they are given no role.</summary>
    public ImmutableHashSet<DatabaseServer> Maintenance { get; init; } = [];

    /// <summary>Servers that a person wants to get a copy of another's data in place of their own: until they have, they are given no role.</summary>
    public ImmutableHashSet<DatabaseServer> Reseeding { get; init; } = [];

    /// <summary>Where the writer was when, at the last look, commits waited on it; null when none did.</summary>
    public GtidPosition? WaitedAt { get; init; }

    /// <summary>Commits wait on the writer, and it has not moved from one look to the next.</summary>
    public bool IsStuck { get; init; }

    /// <summary>Since when the writer does not answer; null while it does.</summary>
    public DateTimeOffset? SilentSince { get; init; }

    /// <summary>When another server was last made the writer because the one before was gone, unless a person has looked since.</summary>
    public DateTimeOffset? FailedOverAt { get; init; }

    /// <summary>
    /// The farm is being restored, into this server: until that is done, or given up, nobody takes writes and nobody follows anybody.
    /// </summary>
    public DatabaseServer? Restoring { get; init; }

    /// <summary>When the farm was last restored, or else made: since then its history is another. Null: in a farm from before this was kept.</summary>
    public DateTimeOffset? HistorySince { get; init; }

    /// <summary>Tiers whose number of containers a person has said shall not follow the load.</summary>
    public ImmutableHashSet<string> ScalingPaused { get; init; } = [];

    /// <summary>Until then containers are started and ended by a deployment, and by nobody else.</summary>
    public DateTimeOffset? ScalingHeldUntil { get; init; }

    /// <summary>Is given no role.</summary>
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

    /// <summary>A server is about to be told to acknowledge: from then on it may have what no other has.</summary>
    public ClusterState WithHolder(DatabaseServer server) => this with { Holders = Holders?.SetItem(server, null) };

    /// <summary>A promotion succeeded.</summary>
    /// <param name="silent">The primaries that did not answer: any may have been a writer, and come back as one.</param>
    /// <param name="failedOver">The writer before did not answer.</param>
    /// <param name="gap">With which its term begins.</param>
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

    /// <summary>The farm was restored into this server.</summary>
    /// <param name="others">Those that have not been given a copy of it yet.</param>
    /// <param name="gaps">Numbers of transactions that are no more.</param>
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
    /// Who takes writes: the one that is known; otherwise the one whose writes somebody acknowledges; otherwise the one that has everything
    /// the others have. One that is neither is a former writer that missed what came after.
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
                // One that is silent may acknowledge still, or again: it was told to, and nobody can tell it otherwise.
                var mark = Holders?.GetValueOrDefault(other.Server) ?? (other.Answers ? writer.Status!.Position : null);
                if (mark is null || !connected.Exists(server => server.Status!.Received.Covers(mark.Of(writer.Status!.Domain))))
                    holders[other.Server] = mark;
            }
        }

        return holders.ToImmutable();
    }
}
