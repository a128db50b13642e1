using WpFarm.Backups.Gtid;

namespace WpFarm.Orchestrator.Database;

/// <summary>One action, with its reason in words for the log and for operators.</summary>
internal abstract record ReplicationAction(string Reason)
{
    /// <summary>Makes a server follow exactly these sources.</summary>
    /// <param name="Acknowledges">Whether the server acknowledges what it receives.</param>
    public sealed record Follow(DatabaseServer Server, IReadOnlyList<DatabaseServer> Sources, bool Acknowledges, string Reason)
        : ReplicationAction(Reason);

    /// <param name="Awaits">Whether the writer answers a commit only once another server has it.</param>
    public sealed record AwaitAcknowledgement(DatabaseServer Server, bool Awaits, string Reason) : ReplicationAction(Reason);

    /// <summary>Ends the sessions that wait for an acknowledgement that can no longer come.</summary>
    public sealed record EndWaiting(DatabaseServer Server, string Reason) : ReplicationAction(Reason);

    public sealed record MakeReadOnly(DatabaseServer Server, string Reason) : ReplicationAction(Reason);

    /// <summary>Kills a server that still takes writes after it lost the role of writer.</summary>
    public sealed record Crash(DatabaseServer Server, string Reason) : ReplicationAction(Reason);

    /// <summary>Makes a primary the writer, in the phases of <see cref="Promotion"/>.</summary>
    public sealed record Promote(DatabaseServer Server, string Reason) : ReplicationAction(Reason);

    /// <summary>A planned change of the writer, before a nearly full disk forces an unplanned one.</summary>
    public sealed record HandOver(DatabaseServer To, string Reason) : ReplicationAction(Reason);

    /// <summary>
    /// Replaces a server's data by a copy of another server's. It takes minutes, in the phases of <see cref="Seeding.Reseed"/>.
    /// </summary>
    /// <param name="Common">
    /// The last position that the server has in common with the writer. What it has beyond that exists nowhere else, and is saved first.
    /// </param>
    public sealed record Seed(DatabaseServer Server, DatabaseServer From, GtidPosition Common, string Reason) : ReplicationAction(Reason);

    /// <summary>Something is wrong, and no automatic action would help now. The reason says what an operator can do.</summary>
    public sealed record Hold(string Reason) : ReplicationAction(Reason);
}
