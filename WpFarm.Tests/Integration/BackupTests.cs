using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>Backups and restorations of the farm's database: with the real commands, real servers and a real S3 store.</summary>
[Integration(Stage.Breaks)]
[Collection(SharedFarm.Collection)]
public sealed class BackupTests(SharedFarm farm) : IAsyncLifetime
{
    private readonly BackedUpRows _rows = new(farm);

    public async ValueTask InitializeAsync() => await _rows.CreateAsync();

    public ValueTask DisposeAsync() => _rows.DisposeAsync();

    [Fact]
    public async Task A_table_that_was_dropped_is_there_again_up_to_the_transaction_before()
    {
        await _rows.WriteAsync(1, 50);
        var before = await _rows.PositionAsync();
        await _rows.SqlAsync($"DROP TABLE {_rows.Table}");
        await farm.RecoverableAsync(TimeProvider.System.GetUtcNow());

        await SharedFarm.SucceedsAsync(farm.CommandAsync("restore", "--gtid", before, "--yes"));

        await _rows.AreEverywhereAsync();
        using var browser = farm.Browser();
        await SharedFarm.EventuallyAsync("the blog answers", async () =>
            (await browser.GetAsync(new Uri($"{farm.Blog.Url}/?restored"))).IsSuccessStatusCode
        );
        // The restoration began a new history, so that recovery needs a new first backup.
        await _rows.WriteAsync(51, 60);
        await farm.RecoverableAsync(TimeProvider.System.GetUtcNow());
        await SharedFarm.SucceedsAsync(farm.CommandAsync("drill"));
    }

    [Fact]
    [Long]
    public async Task Deleted_rows_are_there_again_from_a_full_backup_three_increments_and_logs_across_a_failover()
    {
        foreach (var number in Enumerable.Range(0, 3))
        {
            await _rows.WriteAsync((number * 10) + 1, (number * 10) + 10);
            await SharedFarm.SucceedsAsync(farm.CommandAsync("backup", "now"));
        }

        await _rows.WriteAsync(31, 40);
        // A second failover within ten minutes would need a person's acknowledgement.
        using (var orchestrator = new OrchestratorApi(farm.Farm, farm.Instance))
            await orchestrator.SendAsync(DatabaseRoutes.Acknowledge, CancellationToken.None);
        var lost = await farm.WriterAsync();
        await SharedFarm.DockerAsync("kill", (await farm.ContainersAsync(lost))[0]);
        await SharedFarm.EventuallyAsync("another server takes writes", async () =>
            await farm.WriterAsync() is { } writer && writer != lost
        );
        await _rows.WriteAsync(41, 50);
        await SharedFarm.DockerAsync("start", (await farm.ContainersAsync(lost))[0]);
        // Binary logs have timestamps in whole seconds.
        var moment = TimeProvider.System.GetUtcNow().AddSeconds(1);
        await SharedFarm.EventuallyAsync("that second is over", () =>
            Task.FromResult(TimeProvider.System.GetUtcNow() > moment.AddSeconds(1))
        );
        await _rows.DeleteAllAsync();
        await farm.RecoverableAsync(TimeProvider.System.GetUtcNow());
        await farm.DatabaseIsWellAsync();

        await SharedFarm.SucceedsAsync(farm.CommandAsync("restore", "--to", $"{moment.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}", "--yes"));

        await _rows.AreEverywhereAsync();
    }

    [Fact]
    [Long]
    public async Task What_was_written_is_in_the_store_within_a_minute_whether_much_is_written_or_nothing()
    {
        foreach (var rows in new[] { 20, 0 })
        {
            using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1));
            for (var second = 0; second < 35; second++)
            {
                await _rows.WriteAsync(_rows.Count + 1, _rows.Count + rows);
                Assert.InRange((await farm.BackupsAsync()).RpoSeconds ?? double.MaxValue, 0, 60);
                await tick.WaitForNextTickAsync();
            }
        }
    }
}
