using WpFarm.Backups.Gtid;

namespace WpFarm.Orchestrator.Database;

/// <summary>One MariaDB server, as far as roles and replication go. Every call ends within the configured timeout, or throws.</summary>
internal interface IDatabaseServer
{
    DatabaseServer Identity { get; }

    Task<ServerStatus> ObserveAsync(CancellationToken cancel);

    /// <summary>
    /// Follows exactly these, each on a channel of its own from the server's own GTID position, and removes every other channel. What
    /// runs already is stopped for a moment: semi-synchronous replication is one state for all channels (MDEV-32947), so that one that
    /// stops by itself takes the others with it.
    /// </summary>
    /// <param name="acknowledges">Whether it acknowledges what it receives.</param>
    Task FollowAsync(IReadOnlyList<DatabaseServer> sources, bool acknowledges, CancellationToken cancel);

    /// <summary>Receives nothing from now on, and so acknowledges nothing; goes on applying what it has received.</summary>
    Task StopReceivingAsync(CancellationToken cancel);

    /// <summary>Waits until the server has all of <paramref name="position"/>.</summary>
    /// <exception cref="TimeoutException">Not within <paramref name="limit"/>.</exception>
    Task CatchUpAsync(GtidPosition position, TimeSpan limit, CancellationToken cancel);

    /// <summary>Whether a commit is answered only once another server has acknowledged it.</summary>
    Task AwaitAcknowledgementAsync(bool awaits, CancellationToken cancel);

    /// <summary>Read-only waits for statements that are running; until it is done no new one commits.</summary>
    Task SetReadOnlyAsync(bool readOnly, CancellationToken cancel);

    /// <summary>Writes the first transaction of a term, with this number in the server's own domain: also a proof that it can be written to.</summary>
    Task BeginTermAsync(ulong number, CancellationToken cancel);

    /// <summary>Ends every session of the sites.</summary>
    Task EndSessionsAsync(CancellationToken cancel);

    /// <summary>Ends the sessions whose commit waits to be acknowledged. They commit; their clients are told of an error.</summary>
    Task EndWaitingAsync(CancellationToken cancel);

    /// <summary>
    /// Kills the server like a loss of power, to be started again by the engine. On recovery it rolls back what nobody acknowledged:
    /// the one way in which a former writer gives up transactions that wait, without answering them.
    /// </summary>
    Task CrashAsync(CancellationToken cancel);

    /// <summary>Keeps what the authority knows, on this server alone, over its restarts.</summary>
    Task RememberAsync(Memory memory, CancellationToken cancel);

    /// <returns>Null: nothing is kept here.</returns>
    Task<Memory?> RecallAsync(CancellationToken cancel);
}
