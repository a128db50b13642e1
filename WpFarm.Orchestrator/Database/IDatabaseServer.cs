using WpFarm.Backups.Gtid;

namespace WpFarm.Orchestrator.Database;

/// <summary>One MariaDB server: its roles and its replication. Every call ends within the configured timeout, or throws.</summary>
internal interface IDatabaseServer
{
    DatabaseServer Identity { get; }

    Task<ServerStatus> ObserveAsync(CancellationToken cancel);

    /// <summary>
    /// Follows exactly these sources, each on its own channel from the server's own GTID position, and removes every other channel. Running
    /// channels stop for a moment too: semi-synchronous replication has one state for all channels (MDEV-32947), so a channel that is
    /// stopped alone takes the others with it.
    /// </summary>
    /// <param name="acknowledges">Whether the server acknowledges what it receives.</param>
    Task FollowAsync(IReadOnlyList<DatabaseServer> sources, bool acknowledges, CancellationToken cancel);

    /// <summary>Stops receiving, and so stops acknowledging. The server still applies what it has received.</summary>
    Task StopReceivingAsync(CancellationToken cancel);

    /// <summary>Waits until the server has all of <paramref name="position"/>.</summary>
    /// <exception cref="TimeoutException">The server does not have it within <paramref name="limit"/>.</exception>
    Task CatchUpAsync(GtidPosition position, TimeSpan limit, CancellationToken cancel);

    /// <summary>Sets whether the server answers a commit only once another server has acknowledged it.</summary>
    Task AwaitAcknowledgementAsync(bool awaits, CancellationToken cancel);

    /// <summary>
    /// Makes the server read-only or writable. A change to read-only waits for running statements; meanwhile no new statement commits.
    /// </summary>
    Task SetReadOnlyAsync(bool readOnly, CancellationToken cancel);

    /// <summary>
    /// Writes the first transaction of a term, with this number in the server's own GTID domain. This also proves that the server can be
    /// written to.
    /// </summary>
    Task BeginTermAsync(ulong number, CancellationToken cancel);

    /// <summary>Ends every session of the sites.</summary>
    Task EndSessionsAsync(CancellationToken cancel);

    /// <summary>
    /// Ends the sessions whose commit waits for an acknowledgement. The transactions are committed, but their clients get an error.
    /// </summary>
    Task EndWaitingAsync(CancellationToken cancel);

    /// <summary>
    /// Kills the server as a power loss would; the engine starts it again. During recovery it rolls back what no server acknowledged. This
    /// is the only way for a former writer to discard waiting transactions without answering their clients.
    /// </summary>
    Task CrashAsync(CancellationToken cancel);

    /// <summary>Stores the cluster state on this server alone. It survives restarts.</summary>
    Task StoreStateAsync(StateVersion version, CancellationToken cancel);

    /// <returns>The stored cluster state. Null when this server has none.</returns>
    Task<StateVersion?> ReadStateAsync(CancellationToken cancel);
}
