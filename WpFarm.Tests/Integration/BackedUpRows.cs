using WpFarm.Deployment.Compose;

namespace WpFarm.Tests.Integration;

/// <summary>A table in the blog's database with known rows, which a restoration must bring back.</summary>
internal sealed class BackedUpRows(SharedFarm farm) : IAsyncDisposable
{
    private static readonly TimeSpan s_sql = TimeSpan.FromSeconds(20);

    private readonly ComposeContainers _containers = new(farm.Instance);
    private readonly HashSet<int> _written = [];

    public string Table { get; } = $"wp_blog.backup_{Guid.NewGuid():N}";

    public int Count => _written.Count;

    /// <summary>Waits for a backup of the present history: backups from before the last restoration belong to another one.</summary>
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

    /// <summary>Deletes rows, as if by mistake.</summary>
    /// <returns>The last transaction before the deletion.</returns>
    public async Task<string> DeleteAllAsync()
    {
        var before = await PositionAsync();
        await SqlAsync($"DELETE FROM {Table}");
        return before;
    }

    /// <returns>The writer's last transaction.</returns>
    public Task<string> PositionAsync() => SqlAsync("SELECT @@gtid_binlog_pos");

    /// <summary>The rows on each server, once it has been reseeded.</summary>
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

    /// <summary>Runs SQL on the writer.</summary>
    public async Task<string> SqlAsync(string sql)
    {
        var server = await farm.WriterAsync();
        return (await _containers.SqlAsync(server, sql, s_sql, CancellationToken.None))?.Trim()
            ?? throw new InvalidOperationException($"{server} does not answer: {sql}");
    }
}
