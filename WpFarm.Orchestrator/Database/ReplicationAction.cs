namespace WpFarm.Orchestrator.Database;

/// <summary>One thing to do, and why, in words for the log and for people.</summary>
internal abstract record ReplicationAction(string Reason)
{
    /// <summary>Makes a server follow another on a channel of its own, and starts it.</summary>
    /// <param name="Replaces">There is such a channel, set up differently.</param>
    public sealed record Follow(DatabaseServer Server, DatabaseServer Source, bool Replaces, string Reason) : ReplicationAction(Reason);

    public sealed record StartChannel(DatabaseServer Server, string Channel, string Reason) : ReplicationAction(Reason);

    public sealed record MakeReadOnly(DatabaseServer Server, string Reason) : ReplicationAction(Reason);

    public sealed record MakeWritable(DatabaseServer Server, string Reason) : ReplicationAction(Reason);

    /// <summary>Something is not as it should be, and nothing that may be done by itself would mend it now.</summary>
    public sealed record Hold(string Reason) : ReplicationAction(Reason);
}
