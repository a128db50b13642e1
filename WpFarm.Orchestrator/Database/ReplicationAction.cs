using WpFarm.Backups.Gtid;

namespace WpFarm.Orchestrator.Database;

/// <summary>One thing to do, and why, in words for the log and for people.</summary>
internal abstract record ReplicationAction(string Reason)
{
    /// <summary>Makes a server follow exactly these sources.</summary>
    /// <param name="Acknowledges">Whether it acknowledges what it receives.</param>
    public sealed record Follow(DatabaseServer Server, IReadOnlyList<DatabaseServer> Sources, bool Acknowledges, string Reason)
        : ReplicationAction(Reason);

    /// <param name="Awaits">From now on the writer answers a commit only once another server has it.</param>
    public sealed record AwaitAcknowledgement(DatabaseServer Server, bool Awaits, string Reason) : ReplicationAction(Reason);

    /// <summary>Ends the sessions that wait for an acknowledgement that cannot come any more.</summary>
    public sealed record EndWaiting(DatabaseServer Server, string Reason) : ReplicationAction(Reason);

    public sealed record MakeReadOnly(DatabaseServer Server, string Reason) : ReplicationAction(Reason);

    /// <summary>Takes a writer that lost its role out of the way.</summary>
    public sealed record Crash(DatabaseServer Server, string Reason) : ReplicationAction(Reason);

    /// <summary>Makes a primary the writer, in the phases of <see cref="Promotion"/>.</summary>
    public sealed record Promote(DatabaseServer Server, string Reason) : ReplicationAction(Reason);

    /// <summary>A planned change of the writer, in time before it would be an unplanned one.</summary>
    public sealed record HandOver(DatabaseServer To, string Reason) : ReplicationAction(Reason);

    /// <summary>Replaces a server's data by a copy of another's; takes minutes, in the phases of <see cref="Seeding.Reseed"/>.</summary>
    /// <param name="Common">What it has beyond that, nobody else has: it is saved first.</param>
    public sealed record Seed(DatabaseServer Server, DatabaseServer From, GtidPosition Common, string Reason) : ReplicationAction(Reason);

    /// <summary>Something is not as it should be, and nothing that may be done by itself would mend it now.</summary>
    public sealed record Hold(string Reason) : ReplicationAction(Reason);
}
