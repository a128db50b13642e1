namespace WpFarm.Orchestrator.Database;

/// <summary>One MariaDB server, as far as roles and replication go. Every call ends within the configured timeout, or throws.</summary>
internal interface IDatabaseServer
{
    DatabaseServer Identity { get; }

    Task<ServerStatus> ObserveAsync(CancellationToken cancel);

    /// <summary>Sets up the channel to <paramref name="source"/> from the server's own GTID position, and starts it.</summary>
    /// <param name="replaces">There is such a channel already, set up differently.</param>
    Task FollowAsync(DatabaseServer source, bool replaces, CancellationToken cancel);

    Task StartChannelAsync(string channel, CancellationToken cancel);

    /// <summary>Read-only waits for statements that are running; until it is done no new one commits.</summary>
    Task SetReadOnlyAsync(bool readOnly, CancellationToken cancel);
}
