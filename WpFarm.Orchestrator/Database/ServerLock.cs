using Dapper;
using MySqlConnector;

namespace WpFarm.Orchestrator.Database;

/// <summary>
/// A named lock on one server. It is held while its connection is open, so the lock of a process that dies is released.
/// https://mariadb.com/kb/en/get_lock/
/// </summary>
internal sealed class ServerLock(MySqlConnection connection, DatabaseServer server, string name, TimeSpan limit) : IAsyncDisposable
{
    public DatabaseServer Server { get; } = server;

    /// <summary>True while this connection holds the lock. False also when the server does not answer.</summary>
    public async Task<bool> IsHeldAsync(CancellationToken cancel)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        both.CancelAfter(limit);
        try
        {
            return await connection.ExecuteScalarAsync<bool?>(
                new CommandDefinition("SELECT IS_USED_LOCK(@name) = CONNECTION_ID()", new { name }, cancellationToken: both.Token)
            )
                is true;
        }
        catch (Exception e)
            when (e is MySqlException or InvalidOperationException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
