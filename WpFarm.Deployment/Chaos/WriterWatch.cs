using MySqlConnector;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Secrets;
using WpFarm.Topology;

namespace WpFarm.Deployment.Chaos;

/// <summary>Asks every server itself, all the time, whether it could answer a write.</summary>
internal sealed class WriterWatch(FarmContainers containers, SecretStore secrets, IReadOnlyList<string> servers)
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(100);

    private readonly string _password = secrets.Read(Secret.Monitor);

    /// <returns>The most servers that could have answered a write at any sampled moment.</returns>
    public async Task<int> MostWriters(CancellationToken stop)
    {
        var most = 0;
        // Asking the engine starts two processes, so an address is asked for again only when it was wrong.
        var addresses = servers.ToDictionary(server => server, string? (_) => null);
        using var tick = new PeriodicTimer(s_lookEvery);
        try
        {
            while (await tick.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                var seen = await Task.WhenAll(addresses.Select(server => Look(server.Key, server.Value, stop))).ConfigureAwait(false);
                foreach (var sight in seen)
                    addresses[sight.Name] = sight.Address;
                most = Math.Max(most, seen.Count(server => server.TakesWrites && (!server.Waits || seen.Any(other => other.AcknowledgesTo.Contains(server.Name)))));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Enough seen.
        }

        return most;
    }

    private async Task<Sight> Look(string server, string? known, CancellationToken stop)
    {
        // Who does not answer answers no write, and acknowledges none.
        var nothing = new Sight(server, Address: null, TakesWrites: false, Waits: true, []);
        try
        {
            var address = known ?? await containers.Address(server, DatabaseStage.Network, stop).ConfigureAwait(false);
            await using var connection = new MySqlConnection(ConnectionTo(address));
            await connection.OpenAsync(stop).ConfigureAwait(false);
            await using var variables = new MySqlCommand(
                "SELECT @@global.report_host, NOT @@global.read_only, @@global.rpl_semi_sync_master_enabled, @@global.rpl_semi_sync_slave_enabled", connection);
            await using var reader = await variables.ExecuteReaderAsync(stop).ConfigureAwait(false);
            await reader.ReadAsync(stop).ConfigureAwait(false);
            var (name, takesWrites, waits, acknowledges) = (reader.GetString(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetBoolean(3));
            await reader.CloseAsync().ConfigureAwait(false);
            if (name != server)
                return nothing; // Its container was started again, and another has its address.

            var acknowledgesTo = new List<string>();
            await using var channels = new MySqlCommand("SHOW ALL SLAVES STATUS", connection);
            await using var row = await channels.ExecuteReaderAsync(stop).ConfigureAwait(false);
            while (acknowledges && await row.ReadAsync(stop).ConfigureAwait(false))
                if (row.GetString("Slave_IO_Running") == "Yes")
                    acknowledgesTo.Add(row.GetString("Master_Host"));
            return new(server, address, takesWrites, waits, acknowledgesTo);
        }
        catch (Exception e) when (e is MySqlException or FarmFailedException or InvalidOperationException && !stop.IsCancellationRequested)
        {
            return nothing;
        }
    }

    private string ConnectionTo(string address) => new MySqlConnectionStringBuilder
    {
        Server = address,
        UserID = "monitor",
        Password = _password,
        ConnectionTimeout = 1,
        DefaultCommandTimeout = 1,
        CancellationTimeout = -1,
        Pooling = false,
    }.ConnectionString;

    /// <param name="Address">Where it was found; null when it was not.</param>
    /// <param name="Waits">Answers a write only once somebody has acknowledged it.</param>
    /// <param name="AcknowledgesTo">Whose writes it acknowledges.</param>
    private sealed record Sight(string Name, string? Address, bool TakesWrites, bool Waits, IReadOnlyList<string> AcknowledgesTo);
}
