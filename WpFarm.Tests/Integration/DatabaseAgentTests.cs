using System.Diagnostics;
using System.Net.Sockets;
using WpFarm.Backups.Gtid;
using WpFarm.Contracts.Agents.Database;
using WpFarm.Orchestrator.Database.Seeding;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>The backup functions of a server's agent, on a scratch server; the farm's own servers are only copied.</summary>
[Integration(Stage.Reads)]
[Collection(SharedFarm.Collection)]
public sealed class DatabaseAgentTests(SharedFarm farm, ScratchDatabase scratch) : IClassFixture<ScratchDatabase>, IAsyncLifetime
{
    private const string Table = "CREATE TABLE wp_a.t (id INT PRIMARY KEY, text VARCHAR(100) CHARACTER SET utf8mb4)";

    public async ValueTask InitializeAsync() => await ScratchDatabase.EmptyAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_restored_copy_of_a_replica_has_the_contents_that_were_copied_and_is_sound_and_what_it_replaces_is_kept()
    {
        var replica = await scratch.AgentOfAsync("mariadb-r2");
        using var copy = await replica.CopyAsync(since: null, contents: true, default);
        await scratch.Agent.TakeBaseAsync(copy.Content, default);
        var extent = copy.Extent();
        var copied = await replica.ContentsAsync(extent, default);
        await ScratchDatabase.SqlAsync("CREATE DATABASE wp_before");

        await scratch.Agent.UseAsync(extent.Gtid, aside: true, default);
        await SharedFarm.EventuallyAsync("it has the copy", () =>
            ScratchDatabase.AnswersAsync($"SELECT 1 FROM {farm.Blog.Database}.wp_posts LIMIT 1")
        );
        await ScratchDatabase.StartsAsync();

        Assert.Contains(copied!, table =>
            table.Database == farm.Blog.Database && table is { Table: "wp_posts", Rows: > 0, Checksum: not null }
        );
        Assert.Equal(copied, await scratch.Agent.ContentsAsync(default));
        Assert.Empty(await scratch.Agent.CheckAsync(default));
        Assert.Equal(GtidPosition.Parse(extent.Gtid), await PositionAsync());

        var aside = await scratch.Agent.AsideAsync(default);
        Assert.InRange(aside!.Bytes, 1 << 20, long.MaxValue);
        Assert.InRange(TimeProvider.System.GetUtcNow() - aside.Since, TimeSpan.FromSeconds(-2), TimeSpan.FromMinutes(5));
        Assert.Equal("wp_before", await ScratchDatabase.ShellAsync("ls /var/lib/mysql/aside | grep wp_before"));
        await scratch.Agent.RemoveAsideAsync(default);
        Assert.Null(await scratch.Agent.AsideAsync(default));
        await scratch.Agent.RemoveAsideAsync(default);
    }

    [Fact]
    public async Task The_writer_does_not_hold_still_so_a_copy_of_it_has_no_contents()
    {
        var writer = await scratch.AgentOfAsync(await farm.WriterAsync());
        using var copy = await writer.CopyAsync(since: null, contents: true, default);
        await copy.Content.CopyToAsync(Stream.Null);

        Assert.Null(await writer.ContentsAsync(copy.Extent(), default));
    }

    [Fact]
    public async Task Logs_bring_an_empty_server_to_where_another_is_once_and_again()
    {
        var logs = await LogsAsync(
            $"CREATE DATABASE wp_a; {Table}; INSERT INTO wp_a.t VALUES (1, 'häßlich\r\n\\0')",
            "INSERT INTO wp_a.t VALUES (2, REPEAT('x', 100))",
            "UPDATE wp_a.t SET text = 'later' WHERE id = 1"
        );
        var (position, contents) = (await PositionAsync(), await scratch.Agent.ContentsAsync(default));
        await ScratchDatabase.EmptyAsync();

        foreach (var (log, content) in logs.Concat(logs))
            await scratch.Agent.ReplayAsync(new MemoryStream(content), log.Start, limit: null, default);

        Assert.Equal(position, await PositionAsync());
        Assert.Equal(contents, await scratch.Agent.ContentsAsync(default));
        Assert.Equal("", await ScratchDatabase.ShellAsync("ls /var/lib/mysql/tmp | grep order || true"));
    }

    [Fact]
    public async Task Logs_are_told_with_their_positions_and_times_and_the_open_one_is_not_given()
    {
        var logs = await LogsAsync(
            "SET timestamp = 1000000000; CREATE DATABASE wp_a; SET timestamp = 1000000007; CREATE DATABASE wp_b",
            "CREATE DATABASE wp_c"
        );

        var told = await scratch.Agent.LogsAsync(default);
        Assert.Equal(told.Skip(1).Select(log => log.Start), told.SkipLast(1).Select(log => log.End!));
        Assert.Null(told[^1].End);
        Assert.Equal(
            (GtidPosition.Empty, GtidPosition.Parse("1-1-2"), GtidPosition.Parse("1-1-3")),
            (told[0].Start, told[1].Start, told[2].Start)
        );

        using var first = await scratch.Agent.LogAsync(told[0].File, default);
        await first.Content.CopyToAsync(Stream.Null);
        var began = DateTimeOffset.UnixEpoch.AddSeconds(1_000_000_000);
        Assert.Equal(new LogExtent(began, began.AddSeconds(7), told[0].Bytes), first.Extent());

        await RefusedAsync("is the one that is being written", () => scratch.Agent.LogAsync(told[^1].File, default));
        await RefusedAsync("is not among this server's binary logs", () => scratch.Agent.LogAsync("binlog.999999", default));
        await RefusedAsync("not a binary log", () => scratch.Agent.LogAsync("../my.cnf", default));
    }

    [Fact]
    public async Task A_log_is_applied_up_to_a_second_and_no_later_log_is_applied_beyond_it()
    {
        var logs = await LogsAsync(
            $"SET timestamp = 1000000000; CREATE DATABASE wp_a; {Table}; "
                + "SET timestamp = 1000000001; INSERT INTO wp_a.t VALUES (1, 'in'), (2, 'in')",
            "SET timestamp = 1000000002; INSERT INTO wp_a.t VALUES (3, 'in'); "
                + "SET timestamp = 1000000003; INSERT INTO wp_a.t VALUES (4, 'out'); "
                + "SET timestamp = 1000000001; INSERT INTO wp_a.t VALUES (5, 'after it')",
            "SET timestamp = 1000000001; INSERT INTO wp_a.t VALUES (6, 'after it')"
        );
        await ScratchDatabase.EmptyAsync();

        foreach (var (log, content) in logs)
            await scratch.Agent.ReplayAsync(
                new MemoryStream(content),
                log.Start,
                new ReplayLimit.Until(DateTimeOffset.UnixEpoch.AddSeconds(1_000_000_002)),
                default
            );

        Assert.Equal("1,2,3", await IdsAsync());
    }

    [Fact]
    public async Task A_log_is_applied_through_a_transaction_and_other_domains_as_far_as_came_before_it()
    {
        const string Other = "SET gtid_domain_id = 2, server_id = 2";
        const string Own = "SET gtid_domain_id = 1, server_id = 1";
        var logs = await LogsAsync(
            $"CREATE DATABASE wp_a; {Table}; {Other}; INSERT INTO wp_a.t VALUES (1, '2-2-1'); "
                + $"{Own}; INSERT INTO wp_a.t VALUES (2, '1-1-3'), (3, '1-1-3'); "
                + $"{Other}; INSERT INTO wp_a.t VALUES (4, '2-2-2'); {Own}; INSERT INTO wp_a.t VALUES (5, '1-1-4')"
        );
        await ScratchDatabase.EmptyAsync();

        foreach (
            var (through, ids) in new[]
            {
                ("2-2-1", "1"),
                ("1-1-3", "1,2,3"),
                ("1-1-3", "1,2,3"),
                ("2-2-2", "1,2,3,4"),
                ("1-1-4,2-2-1", "1,2,3,4,5"),
            }
        )
        {
            await scratch.Agent.ReplayAsync(
                new MemoryStream(logs[0].Content),
                GtidPosition.Empty,
                new ReplayLimit.Through(GtidPosition.Parse(through)),
                default
            );
            Assert.Equal(ids, await IdsAsync());
        }
    }

    [Fact]
    public async Task What_cannot_be_applied_is_told_in_MariaDBs_words_and_can_be_repeated()
    {
        var logs = await LogsAsync(
            $"CREATE DATABASE wp_a; {Table}",
            "INSERT INTO wp_a.t VALUES (1, 'one'); INSERT INTO wp_a.t VALUES (2, 'two')"
        );
        await ScratchDatabase.EmptyAsync();
        await RefusedAsync("transactions up to 1-1-2 are missing", () =>
            scratch.Agent.ReplayAsync(new MemoryStream(logs[1].Content), logs[1].Log.Start, null, default)
        );
        await scratch.Agent.ReplayAsync(new MemoryStream(logs[0].Content), logs[0].Log.Start, null, default);
        await RefusedAsync("cannot be unpacked", () =>
            scratch.Agent.ReplayAsync(new MemoryStream(logs[1].Content[..^20]), logs[1].Log.Start, null, default)
        );
        await RefusedAsync("cannot be unpacked", () =>
            scratch.Agent.ReplayAsync(new MemoryStream(new byte[1 << 20]), logs[1].Log.Start, null, default)
        );

        await ScratchDatabase.EmptyAsync();
        await scratch.Agent.ReplayAsync(new MemoryStream(logs[0].Content), logs[0].Log.Start, null, default);
        await ScratchDatabase.SqlAsync("SET sql_log_bin = 0; INSERT INTO wp_a.t VALUES (2, 'in the way')");
        await RefusedAsync("Duplicate entry '2' for key 'PRIMARY'", () =>
            scratch.Agent.ReplayAsync(new MemoryStream(logs[1].Content), logs[1].Log.Start, null, default)
        );
        await ScratchDatabase.SqlAsync("SET sql_log_bin = 0; DELETE FROM wp_a.t WHERE id = 2");
        await scratch.Agent.ReplayAsync(new MemoryStream(logs[1].Content), logs[1].Log.Start, null, default);

        Assert.Equal("1,2", await IdsAsync());
    }

    [Fact]
    public async Task Numbers_up_to_a_position_are_not_given_again()
    {
        await ScratchDatabase.SqlAsync("CREATE DATABASE wp_a");
        var position = GtidPosition.Parse("1-1-1000,2-2-50,3-3-1");

        await scratch.Agent.AdvanceAsync(position, default);
        await scratch.Agent.AdvanceAsync(position, default);
        await scratch.Agent.AdvanceAsync(GtidPosition.Parse("1-1-999"), default);

        Assert.Equal(position, await PositionAsync());
        await ScratchDatabase.SqlAsync("CREATE DATABASE wp_b");
        Assert.Equal(position.With(GtidPosition.Parse("1-1-1001")), await PositionAsync());
        using var copy = await scratch.Agent.CopyAsync(since: null, contents: false, default);
        await copy.Content.CopyToAsync(Stream.Null);
        Assert.Equal(await PositionAsync(), GtidPosition.Parse(copy.Extent().Gtid));
    }

    [Fact]
    public async Task An_export_takes_the_place_of_what_is_there_at_once_and_that_is_kept_aside()
    {
        await ScratchDatabase.SqlAsync(
            $"SET GLOBAL read_only = 0; CREATE DATABASE wp_a; {Table}; CREATE TABLE wp_a.`od``d` (b BLOB); "
                + "INSERT INTO wp_a.t VALUES (1, 'häßlich\r\n'); INSERT INTO wp_a.`od``d` VALUES (X'00FF0D0A')"
        );
        var (dump, at) = await ExportAsync("wp_a");
        Assert.Equal(await PositionAsync(), at);
        var exported = await scratch.Agent.ContentsAsync(default);
        await ScratchDatabase.SqlAsync("INSERT INTO wp_a.t VALUES (2, 'later'); CREATE TABLE wp_a.later (id INT)");
        var aside = DatabaseAgent.AsideName("wp_a", TimeProvider.System.GetUtcNow());

        await scratch.Agent.ImportAsync("wp_a", aside, new MemoryStream(dump), default);

        var contents = await scratch.Agent.ContentsAsync(default);
        Assert.Equal(exported, contents.Where(table => table.Database == "wp_a"));
        Assert.Equal(["later", "od`d", "t"], contents.Where(table => table.Database == aside).Select(table => table.Table));
        await RefusedAsync("is there already", () => scratch.Agent.ImportAsync("wp_a", aside, new MemoryStream(dump), default));

        await scratch.Agent.ImportAsync("wp_a", aside: null, new MemoryStream(dump), default);
        await scratch.Agent.RemoveDatabaseAsync(aside, default);
        Assert.Equal(exported, await scratch.Agent.ContentsAsync(default));
        Assert.Equal("wp_a", await DatabasesAsync());
        await RefusedAsync("only what an import has put aside", () => scratch.Agent.RemoveDatabaseAsync("wp_a", default));
    }

    [Fact]
    public async Task An_import_that_fails_leaves_everything_as_it_was()
    {
        await ScratchDatabase.SqlAsync(
            $"SET GLOBAL read_only = 0; CREATE DATABASE wp_a; {Table}; INSERT INTO wp_a.t VALUES (1, 'here'); "
                + "CREATE DATABASE wp_b; CREATE TABLE wp_b.t (id INT); CREATE VIEW wp_b.v AS SELECT 1"
        );
        var (dump, _) = await ExportAsync("wp_a");
        var before = await scratch.Agent.ContentsAsync(default);

        await RefusedAsync("cannot be loaded", () => ImportAsync("wp_a", dump[..^10]));
        await RefusedAsync("cannot be loaded", () => ImportAsync("wp_a", new byte[1 << 20]));
        await RefusedAsync("has view v", () => ImportAsync("wp_b", dump));
        await RefusedAsync("not one of a site", () => ImportAsync("mysql", dump));
        await ScratchDatabase.SqlAsync("CREATE TRIGGER wp_a.tr BEFORE INSERT ON wp_a.t FOR EACH ROW SET NEW.text = ''");
        await RefusedAsync("has trigger tr", () => ImportAsync("wp_a", dump));
        await ScratchDatabase.SqlAsync("SET GLOBAL read_only = 1");
        await RefusedAsync("does not take writes", () => ImportAsync("wp_a", dump));

        Assert.Equal(before, await scratch.Agent.ContentsAsync(default));
        Assert.Equal("wp_a\nwp_b", await DatabasesAsync());
    }

    [Fact]
    public async Task Whoever_does_not_finish_his_request_is_not_waited_for()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(scratch.Address, 9201);
        var connected = Stopwatch.GetTimestamp();
        await client.GetStream().WriteAsync("GET /free HT"u8.ToArray());

        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.InRange(Stopwatch.GetElapsedTime(connected), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
    }

    /// <summary>Runs each of the statements in a binary log of its own.</summary>
    private async Task<List<(ServerLog Log, byte[] Content)>> LogsAsync(params string[] statements)
    {
        foreach (var statement in statements)
            await ScratchDatabase.SqlAsync($"{statement}; FLUSH BINARY LOGS");
        var logs = new List<(ServerLog, byte[])>();
        foreach (var log in (await scratch.Agent.LogsAsync(default)).Where(log => log.End is not null))
        {
            using var copy = await scratch.Agent.LogAsync(log.File, default);
            logs.Add((log, await ReadAllAsync(copy.Content)));
            Assert.Equal(log.Bytes, copy.Extent().PlainBytes);
        }

        return logs;
    }

    private async Task<(byte[] Dump, GtidPosition At)> ExportAsync(string database)
    {
        using var export = await scratch.Agent.ExportAsync(database, default);
        return (await ReadAllAsync(export.Content), GtidPosition.Parse(export.Extent().Gtid));
    }

    private Task ImportAsync(string database, byte[] dump) =>
        scratch.Agent.ImportAsync(database, aside: null, new MemoryStream(dump), default);

    private static async Task RefusedAsync(string why, Func<Task> order) =>
        Assert.Contains(why, (await Assert.ThrowsAsync<HttpRequestException>(order)).Message, StringComparison.Ordinal);

    private static async Task<GtidPosition> PositionAsync() =>
        GtidPosition.Parse(await ScratchDatabase.SqlAsync("SELECT @@global.gtid_binlog_pos"));

    private static Task<string> IdsAsync() => ScratchDatabase.SqlAsync("SELECT GROUP_CONCAT(id ORDER BY id) FROM wp_a.t");

    private static Task<string> DatabasesAsync() =>
        ScratchDatabase.SqlAsync("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'wp\\_%' ORDER BY 1");

    private static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}
