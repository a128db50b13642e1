using System.Diagnostics;
using MySqlConnector;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Chaos.Database;

/// <summary>A database server whose state is polled, over one connection for as long as that connection holds.</summary>
internal sealed class WatchedServer(string name, string password, ComposeContainers containers) : IAsyncDisposable
{
    /// <summary>Pause between two requests to the engine for the server's address; each request starts two processes.</summary>
    private static readonly TimeSpan s_askEngineEvery = TimeSpan.FromSeconds(1);

    private MySqlConnection? _connection;
    private string? _address;
    private long? _askedAt;

    /// <returns>Null when the server does not answer: then it answers no write either, and acknowledges none.</returns>
    public async Task<ServerSample?> SampleAsync(CancellationToken stop)
    {
        try
        {
            return await ConnectedAsync(stop) is { } connection ? await AskAsync(connection, stop) : null;
        }
        catch (Exception e)
            when (e is MySqlException or OperationFailedException or InvalidOperationException && !stop.IsCancellationRequested)
        {
            await DisconnectAsync();
            return null;
        }
    }

    public ValueTask DisposeAsync() => DisconnectAsync();

    /// <returns>Null when the server's address is not known.</returns>
    private async Task<MySqlConnection?> ConnectedAsync(CancellationToken stop)
    {
        if (_connection is not null)
            return _connection;
        if (_address is null && (_askedAt is not { } askedAt || Stopwatch.GetElapsedTime(askedAt) > s_askEngineEvery))
        {
            _askedAt = Stopwatch.GetTimestamp();
            _address = await containers.AddressAsync(name, DatabaseStage.Network, stop);
        }

        if (_address is not { Length: > 0 } address)
            return null;
        _connection = new MySqlConnection(ConnectionTo(address));
        await _connection.OpenAsync(stop);
        return _connection;
    }

    private async Task<ServerSample?> AskAsync(MySqlConnection connection, CancellationToken stop)
    {
        await using var variables = new MySqlCommand(
            "SELECT @@global.report_host, NOT @@global.read_only, "
                + "@@global.rpl_semi_sync_master_enabled, @@global.rpl_semi_sync_slave_enabled",
            connection
        );
        await using var reader = await variables.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        var (host, takesWrites, waits, acknowledges) = (
            reader.GetString(0),
            reader.GetBoolean(1),
            reader.GetBoolean(2),
            reader.GetBoolean(3)
        );
        await reader.CloseAsync();
        if (host != name)
        {
            // The server's container was started again, and another server has its former address.
            await DisconnectAsync();
            return null;
        }

        var acknowledgesTo = new List<string>();
        await using var channels = new MySqlCommand("SHOW ALL SLAVES STATUS", connection);
        await using var row = await channels.ExecuteReaderAsync(stop);
        while (acknowledges && await row.ReadAsync(stop))
            if (row.GetString("Slave_IO_Running") == "Yes")
                acknowledgesTo.Add(row.GetString("Master_Host"));
        return new(name, takesWrites, waits, acknowledgesTo);
    }

    private async ValueTask DisconnectAsync()
    {
        _address = null;
        if (_connection is { } connection)
            await connection.DisposeAsync();
        _connection = null;
    }

    private string ConnectionTo(string address) =>
        new MySqlConnectionStringBuilder
        {
            Server = address,
            UserID = "monitor",
            Password = password,
            SslMode = MySqlSslMode.VerifyCA,
            ConnectionTimeout = 1,
            DefaultCommandTimeout = 1,
            CancellationTimeout = -1,
            Pooling = false,
        }.ConnectionString;
}

/// <summary>One look at a database server.</summary>
/// <param name="Waits">The server answers a commit only after another server has acknowledged it.</param>
/// <param name="AcknowledgesTo">Names of the servers whose transactions it acknowledges.</param>
internal sealed record ServerSample(string Name, bool TakesWrites, bool Waits, IReadOnlyList<string> AcknowledgesTo);
