using WpFarm.Deployment.Compose;

namespace WpFarm.Tests.Integration;

/// <summary>A table of the blog, and what was written into it: what a restoration must bring back.</summary>
internal sealed class BackedUpRows(SharedFarm farm) : IAsyncDisposable
{
    private static readonly TimeSpan s_sql = TimeSpan.FromSeconds(20);

    private readonly ComposeContainers _containers = new(farm.Instance);
    private readonly HashSet<int> _written = [];

    public string Table { get; } = $"wp_blog.backup_{Guid.NewGuid():N}";

    public int Count => _written.Count;

    /// <summary>Once there is a backup to go on from: those of before the last restoration are of another history.</summary>
    public async Task CreateAsync()
    {
        await SharedFarm.EventuallyAsync("there is a backup to go on from", async () =>
            await farm.RecoversAsync() || (await farm.CommandAsync("backup", "now", "--full")).ExitCode == 0
        );
        await SqlAsync($"CREATE TABLE {Table} (number INT PRIMARY KEY, text VARCHAR(200))");
    }

    public async ValueTask DisposeAsync() => await SqlAsync($"DROP TABLE IF EXISTS {Table}");

    public async Task WriteAsync(int from, int to)
    {
        if (to < from)
            return;
        var rows = string.Join(", ", Enumerable.Range(from, to - from + 1).Select(number => $"({number}, REPEAT('{number % 10}', 200))"));
        await SqlAsync($"INSERT INTO {Table} VALUES {rows}");
        _written.UnionWith(Enumerable.Range(from, to - from + 1));
    }

    /// <summary>By somebody who did not mean to.</summary>
    /// <returns>The last transaction before.</returns>
    public async Task<string> DeleteAllAsync()
    {
        var before = await PositionAsync();
        await SqlAsync($"DELETE FROM {Table}");
        return before;
    }

    /// <returns>The last transaction of the writer.</returns>
    public Task<string> PositionAsync() => SqlAsync("SELECT @@gtid_binlog_pos");

    /// <summary>On each server, once it has been given a copy.</summary>
    public async Task AreEverywhereAsync()
    {
        foreach (var server in farm.ReplicatedServers)
            await AreOnAsync(server);
        await farm.DatabaseIsWellAsync();
    }

    public Task AreOnAsync(string server) =>
        SharedFarm.EventuallyAsync($"the rows are on {server}", async () =>
            await _containers.SqlAsync(server, $"SELECT number FROM {Table} ORDER BY number", s_sql, CancellationToken.None) is { } rows
            && rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).SequenceEqual(_written.Order())
        );

    /// <summary>By the writer.</summary>
    public async Task<string> SqlAsync(string sql)
    {
        var server = await farm.WriterAsync();
        return (await _containers.SqlAsync(server, sql, s_sql, CancellationToken.None))?.Trim()
            ?? throw new InvalidOperationException($"{server} does not answer: {sql}");
    }
}
