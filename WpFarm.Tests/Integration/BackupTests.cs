using System.Text.Json;
using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Store;
using WpFarm.Deployment;
using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Compose;

namespace WpFarm.Tests.Integration;

/// <summary>Backups of the farm's database, and what comes of them: by the real commands, on real servers and a real S3.</summary>
[Integration]
[Collection(SharedFarm.Collection)]
public sealed class BackupTests(SharedFarm farm) : IAsyncLifetime
{
    private static readonly TimeSpan s_sql = TimeSpan.FromSeconds(20);

    private readonly FarmContainers _containers = new(farm.Instance);
    private readonly string _table = $"wp_blog.backup_{Guid.NewGuid():N}";
    private readonly HashSet<int> _written = [];

    public async ValueTask InitializeAsync()
    {
        await Recoverable(DateTimeOffset.MinValue);
        await Sql(await farm.Writer(), $"CREATE TABLE {_table} (number INT PRIMARY KEY, text VARCHAR(200))");
    }

    public async ValueTask DisposeAsync() => await Sql(await farm.Writer(), $"DROP TABLE IF EXISTS {_table}");

    [Fact]
    public async Task A_table_that_was_dropped_is_there_again_up_to_the_transaction_before()
    {
        await Write(1, 50);
        var before = await Sql(await farm.Writer(), "SELECT @@gtid_binlog_pos");
        await Sql(await farm.Writer(), $"DROP TABLE {_table}");
        await Recoverable(TimeProvider.System.GetUtcNow());

        await SharedFarm.Succeeds(Backup("restore", "--gtid", before, "--yes"));

        await RowsAreEverywhere();
        using var browser = farm.Browser();
        await SharedFarm.Eventually("the blog answers", async () => (await browser.GetAsync(new Uri($"{farm.Blog.Url}/?restored"))).IsSuccessStatusCode);
        // Another history has begun: what comes now is recovered from a new first backup.
        await Write(51, 60);
        await Recoverable(TimeProvider.System.GetUtcNow());
        await SharedFarm.Succeeds(Backup("drill"));
    }

    [Fact]
    public async Task Rows_that_were_deleted_are_there_again_at_the_moment_before_out_of_a_full_backup_three_increments_and_logs_across_a_failover()
    {
        await SharedFarm.Succeeds(Backup("backup", "now", "--full"));
        foreach (var number in Enumerable.Range(0, 3))
        {
            await Write((number * 10) + 1, (number * 10) + 10);
            await SharedFarm.Succeeds(Backup("backup", "now"));
        }

        await Write(31, 40);
        // Two failovers within ten minutes would need a person.
        using (var orchestrator = new OrchestratorApi(farm.Farm, farm.Instance))
            await orchestrator.Acknowledge(CancellationToken.None);
        var lost = await farm.Writer();
        await SharedFarm.Docker("kill", (await farm.Containers(lost))[0]);
        await SharedFarm.Eventually("another server takes writes", async () => await farm.Writer() is { } writer && writer != lost);
        await Write(41, 50);
        await SharedFarm.Docker("start", (await farm.Containers(lost))[0]);
        // Binary logs tell moments by the second.
        var moment = TimeProvider.System.GetUtcNow().AddSeconds(1);
        await SharedFarm.Eventually("that second is over", () => Task.FromResult(TimeProvider.System.GetUtcNow() > moment.AddSeconds(1)));
        await Sql(await farm.Writer(), $"DELETE FROM {_table}");
        await Recoverable(TimeProvider.System.GetUtcNow());
        await SharedFarm.Eventually("the database is well", async () => (await Database()).Problems.Count == 0);

        await SharedFarm.Succeeds(Backup("restore", "--to", $"{moment.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}", "--yes"));

        await RowsAreEverywhere();
    }

    [Fact]
    public async Task What_was_written_is_in_the_store_within_a_minute_whether_much_is_written_or_nothing()
    {
        foreach (var rows in new[] { 20, 0 })
        {
            using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1));
            for (var second = 0; second < 35; second++)
            {
                await Write(_written.Count + 1, _written.Count + rows);
                Assert.InRange((await farm.Backups()).RpoSeconds ?? double.MaxValue, 0, 60);
                await tick.WaitForNextTickAsync();
            }
        }
    }

    [Fact]
    public async Task An_Orchestrator_that_is_killed_in_the_middle_of_a_backup_leaves_none_and_the_next_makes_one()
    {
        var before = await List();
        var backup = Backup("backup", "now", "--full");
        await SharedFarm.Eventually("it copies", async () => (await farm.Backups()).Reports[0] is { Running: "copy" });
        var orchestrator = (await farm.Containers("orchestrator"))[0];
        await SharedFarm.Docker("kill", orchestrator);
        Assert.Equal(1, (await backup).ExitCode);
        Assert.Equal(Full(before), Full(await Catalogue()));

        await SharedFarm.Docker("start", orchestrator);
        await Recoverable(TimeProvider.System.GetUtcNow());
        await SharedFarm.Succeeds(Backup("backup", "now", "--full"));
        await SharedFarm.Succeeds(Backup("backup", "verify"));
    }

    [Fact]
    public async Task A_restoration_whose_store_is_gone_can_be_given_up_and_the_farm_goes_on_with_what_it_had()
    {
        await Write(1, 20);
        await Recoverable(TimeProvider.System.GetUtcNow());
        await Write(21, 30);
        var store = (await farm.Containers("object-storage"))[0];
        await SharedFarm.Docker("kill", store);
        try
        {
            var (exitCode, output) = await Backup("restore", "--latest", "--yes");
            Assert.Equal(1, exitCode);
            Assert.Contains("fetch", output, StringComparison.Ordinal);
            await SharedFarm.Succeeds(Backup("restore", "--give-up"));
        }
        finally
        {
            await SharedFarm.Docker("start", store);
        }

        await SharedFarm.Eventually("somebody takes writes", async () => (await Database()).Writer is not null);
        await Write(31, 40);
        await RowsAreEverywhere();
    }

    [Fact]
    public async Task An_Orchestrator_that_is_killed_in_the_middle_of_a_restoration_finishes_it_when_it_is_ordered_again()
    {
        await Write(1, 20);
        var before = await Sql(await farm.Writer(), "SELECT @@gtid_binlog_pos");
        await Sql(await farm.Writer(), $"DELETE FROM {_table}");
        await Recoverable(TimeProvider.System.GetUtcNow());
        var restore = Backup("restore", "--gtid", before, "--yes");
        await SharedFarm.Eventually("it restores", async () => (await farm.Backups()).Reports[0] is { Running: "fetch" or "use" or "return" or "replay" });
        var orchestrator = (await farm.Containers("orchestrator"))[0];
        await SharedFarm.Docker("kill", orchestrator);
        Assert.Equal(1, (await restore).ExitCode);

        await SharedFarm.Docker("start", orchestrator);
        // Whoever starts anew knows that nobody is to write.
        await SharedFarm.Eventually("the Orchestrator takes over", async () => await Recovers());
        Assert.Null((await Database()).Writer);
        await SharedFarm.Succeeds(Backup("restore", "--gtid", before, "--yes"));

        await RowsAreEverywhere();
    }

    [Fact]
    public async Task A_bit_that_flipped_in_the_store_is_found_and_named()
    {
        using var store = await Store();
        var id = (await List()).Last(backup => backup.Kind == "full").Id;
        var good = await store.ReadAsync(BackupId.DataOf(id), default);
        var bad = good.ToArray();
        bad[bad.Length / 2] ^= 1;
        await store.PutAsync(BackupId.DataOf(id), bad, default);
        try
        {
            var (exitCode, output) = await Backup("backup", "verify", id);

            Assert.Equal(1, exitCode);
            Assert.Contains(id, output, StringComparison.Ordinal);
        }
        finally
        {
            await store.PutAsync(BackupId.DataOf(id), good, default);
        }

        await SharedFarm.Succeeds(Backup("backup", "verify", id));
    }

    [Theory]
    [InlineData(2, "say one of", "restore")]
    [InlineData(2, "is not a moment", "restore", "--to", "yesterday")]
    [InlineData(2, "is no GTID", "restore", "--gtid", "1-2")]
    [InlineData(1, "later than what is stored", "restore", "--to", "2099-01-01T00:00:00Z")]
    [InlineData(1, "no full backup before", "restore", "--to", "2001-01-01T00:00:00Z")]
    [InlineData(2, "there is no such backup", "backup", "show", "20010101T000000Z-full-x-000000")]
    [InlineData(2, "nobody is there to ask", "restore", "--latest")]
    public async Task What_cannot_be_is_refused_with_the_reason(int exitCode, string reason, params string[] arguments)
    {
        var (code, output) = await Backup(arguments);

        Assert.Contains(reason, output, StringComparison.Ordinal);
        Assert.Equal(exitCode, code);
    }

    private static Task<(int ExitCode, string Output)> Backup(params string[] arguments) =>
        SharedFarm.Run("sh", ["-c", "exec \"$0\" \"$@\" < /dev/null", Path.Combine(RepositoryRoot.Find(), "farm"), .. arguments, "--name", SharedFarm.Name, "--file", Path.Combine(RepositoryRoot.Find(), "farm.json")]);

    private async Task Write(int from, int to)
    {
        if (to < from)
            return;
        var rows = string.Join(", ", Enumerable.Range(from, to - from + 1).Select(number => $"({number}, REPEAT('{number % 10}', 200))"));
        await Sql(await farm.Writer(), $"INSERT INTO {_table} VALUES {rows}");
        _written.UnionWith(Enumerable.Range(from, to - from + 1));
    }

    /// <summary>On each server, once it has been given a copy.</summary>
    private async Task RowsAreEverywhere()
    {
        foreach (var server in farm.Farm.Services.Select(service => service.Name).Where(name => name.StartsWith("mariadb-", StringComparison.Ordinal) && name != "mariadb-scratch"))
            await SharedFarm.Eventually($"the rows are on {server}", async () =>
                await _containers.Sql(server, $"SELECT number FROM {_table} ORDER BY number", s_sql, CancellationToken.None) is { } rows
                && rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).SequenceEqual(_written.Order()));
        await SharedFarm.Eventually("the database is well", async () => (await Database()).Problems.Count == 0);
    }

    private static IEnumerable<string> Full(IEnumerable<BackupEntry> backups) => backups.Where(backup => backup.Kind == "full").Select(backup => backup.Id);

    private Task Recoverable(DateTimeOffset moment) => SharedFarm.Eventually($"{moment:HH:mm:ss} can be recovered", () => Recovers(moment));

    /// <summary>False also when nobody answers.</summary>
    /// <param name="moment">Null: any.</param>
    private async Task<bool> Recovers(DateTimeOffset? moment = null)
    {
        try
        {
            return await farm.Backups() is { RecoverableUntil: { } until } && until > (moment ?? DateTimeOffset.MinValue);
        }
        catch (FarmFailedException)
        {
            return false;
        }
    }

    private async Task<DatabaseStatus> Database()
    {
        using var orchestrator = new OrchestratorApi(farm.Farm, farm.Instance);
        return await orchestrator.Database(CancellationToken.None);
    }

    private static async Task<IReadOnlyList<BackupEntry>> List() =>
        JsonSerializer.Deserialize<IReadOnlyList<BackupEntry>>(await SharedFarm.Succeeds(Backup("backup", "list", "--json")), JsonSerializerOptions.Web)!;

    /// <summary>Also while there is no Orchestrator to ask.</summary>
    private async Task<IReadOnlyList<BackupEntry>> Catalogue()
    {
        using var store = await Store();
        return [.. (await new BackupCatalogue(store).ListAsync(default)).Backups.Select(backup => new BackupEntry(
            backup.Id, backup.Kind.ToString().ToLowerInvariant(), null, backup.Started, backup.Completed, 0, 0, null, null, null))];
    }

    private async Task<S3ObjectStore> Store() => new(await farm.ObjectStorage("backups"), TimeProvider.System);

    private async Task<string> Sql(string server, string sql) =>
        (await _containers.Sql(server, sql, s_sql, CancellationToken.None))?.Trim() ?? throw new InvalidOperationException($"{server} does not answer: {sql}");
}
