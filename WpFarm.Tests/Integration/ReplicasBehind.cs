using System.Diagnostics;

namespace WpFarm.Tests.Integration;

/// <summary>Read replicas on which nothing is applied to one table, until it is disposed: somebody reads there with a lock.</summary>
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

    /// <summary>A session's end gives its locks back.</summary>
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
