using System.Diagnostics;

namespace WpFarm.Tests.Integration;

/// <summary>Holds a read lock on one table of the read replicas, so that they apply nothing to it until this is disposed.</summary>
internal sealed class ReplicasBehind : IAsyncDisposable
{
    private readonly List<Process> _sessions = [];

    public static async Task<ReplicasBehind> BeginAsync(SharedFarm farm, string table)
    {
        var behind = new ReplicasBehind();
        foreach (var replica in farm.ReplicatedServers.Where(server => server.StartsWith("mariadb-r", StringComparison.Ordinal)))
            await behind.LockAsync((await farm.ContainersAsync(replica))[0], table);
        return behind;
    }

    /// <summary>The end of the session releases its locks.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions)
        {
            session.StandardInput.Close();
            await session.WaitForExitAsync();
            session.Dispose();
        }
    }

    private async Task LockAsync(string container, string table)
    {
        var start = new ProcessStartInfo(
            "docker",
            ["exec", "--interactive", container, "mariadb", "--batch", "--skip-column-names", "--unbuffered"]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var session = Process.Start(start)!;
        _sessions.Add(session);
        await session.StandardInput.WriteLineAsync($"LOCK TABLES {table} READ; SELECT 'locked';");
        await session.StandardInput.FlushAsync();
        Assert.Equal("locked", await session.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)));
    }
}
