using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Secrets;
using WpFarm.Topology;

namespace WpFarm.Chaos.Database;

/// <summary>Polls every database server directly, and counts how many could answer a write at the same time.</summary>
internal sealed class WriterWatch(ComposeContainers containers, SecretStore secrets, IReadOnlyList<string> servers)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    /// <returns>The most servers that could have answered a write at any sampled moment.</returns>
    public async Task<int> MostWritersAsync(CancellationToken stop)
    {
        var most = 0;
        var password = secrets.Read(Secret.Monitor);
        var watched = servers.Select(server => new WatchedServer(server, password, containers)).ToList();
        using var tick = new PeriodicTimer(s_interval);
        try
        {
            while (await tick.WaitForNextTickAsync(stop))
            {
                var seen = (await Task.WhenAll(watched.Select(server => server.SampleAsync(stop)))).OfType<ServerSample>().ToList();
                most = Math.Max(
                    most,
                    seen.Count(server =>
                        server.TakesWrites && (!server.Waits || seen.Any(other => other.AcknowledgesTo.Contains(server.Name)))
                    )
                );
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The caller ends the watch this way.
        }
        finally
        {
            foreach (var server in watched)
                await server.DisposeAsync();
        }

        return most;
    }
}
