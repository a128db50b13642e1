using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;
using WpFarm.Contracts.Agents.Database;
using WpFarm.Orchestrator.Database.Seeding;

namespace WpFarm.Tests.Orchestrator.Database.Seeding;

public sealed class DatabaseAgentTests
{
    private static readonly GtidPosition s_from = GtidPosition.Parse("1-1-4,2-2-7");

    [Fact]
    public async Task Logs_are_told_with_the_positions_between_them()
    {
        await using var agent = FakeAgent.Answering(
            """[{"file":"binlog.000001","bytes":1232,"start":"","end":"1-1-4"},{"file":"binlog.000002","bytes":325,"start":"1-1-4"}]"""
        );

        var logs = await agent.Client.LogsAsync(default);

        Assert.Equal(
            [
                new ServerLog("binlog.000001", 1232, GtidPosition.Empty, GtidPosition.Parse("1-1-4")),
                new ServerLog("binlog.000002", 325, GtidPosition.Parse("1-1-4"), null),
            ],
            logs
        );
        Assert.Equal("GET /logs", agent.Received!.What);
    }

    [Fact]
    public async Task A_log_says_after_its_end_of_when_it_is()
    {
        await using var agent = FakeAgent.Streaming("log", ("Log-First", "1000000000"), ("Log-Last", "1000000005"), ("Log-Bytes", "1885"));

        using var log = await agent.Client.LogAsync("binlog.000002", default);

        Assert.Equal("log", await ReadAsync(log.Content));
        var first = DateTimeOffset.UnixEpoch.AddSeconds(1_000_000_000);
        Assert.Equal(new LogExtent(first, first.AddSeconds(5), 1885), log.Extent());
        Assert.Equal("GET /log?file=binlog.000002", agent.Received!.What);
    }

    [Fact]
    public async Task A_log_without_transactions_has_no_times()
    {
        await using var agent = FakeAgent.Streaming("log", ("Log-Bytes", "325"));

        using var log = await agent.Client.LogAsync("binlog.000003", default);
        await ReadAsync(log.Content);

        Assert.Equal(new LogExtent(null, null, 325), log.Extent());
    }

    [Fact]
    public async Task What_failed_on_the_way_is_told_with_the_reason_and_the_server()
    {
        await using var agent = FakeAgent.Streaming("lo", ("Copy-Failure", "the disk is gone"));

        using var log = await agent.Client.LogAsync("binlog.000002", default);
        await ReadAsync(log.Content);

        Assert.Equal("mariadb-t1: the binary log failed: the disk is gone", Assert.Throws<IOException>(log.Extent).Message);
    }

    [Fact]
    public async Task What_ends_without_a_word_broke_off()
    {
        await using var agent = FakeAgent.Streaming("co", ("Copy-From", "0"));

        using var copy = await agent.Client.CopyAsync(since: null, contents: false, default);
        await ReadAsync(copy.Content);

        Assert.Equal("mariadb-t1: the copy ended early", Assert.Throws<IOException>(copy.Extent).Message);
    }

    [Fact]
    public async Task A_copy_says_by_which_name_its_contents_are_asked_for()
    {
        await using var agent = FakeAgent.Streaming(
            "copy",
            ("Copy-From", "5"),
            ("Copy-To", "9"),
            ("Copy-Gtid", "1-1-4"),
            ("Copy-Bytes", "700"),
            ("Copy-Contents", "6b071a23004312")
        );

        using var copy = await agent.Client.CopyAsync(since: 5, contents: true, default);
        await ReadAsync(copy.Content);

        Assert.Equal(new CopyExtent(5, 9, "1-1-4", 700) { Contents = "6b071a23004312" }, copy.Extent());
        Assert.Equal("GET /copy?since=5&contents=1", agent.Received!.What);
    }

    [Fact]
    public async Task Trailers_that_cannot_be_read_are_a_failure_of_the_server()
    {
        await using var agent = FakeAgent.Streaming("log", ("Log-Bytes", "many"));

        using var log = await agent.Client.LogAsync("binlog.000002", default);
        await ReadAsync(log.Content);

        Assert.StartsWith(
            "mariadb-t1: the trailers after the binary log cannot be read",
            Assert.Throws<IOException>(log.Extent).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Room_is_told_in_two_numbers_and_free_space_in_one()
    {
        await using var room = FakeAgent.Answering("162411661 9126805504\n");
        Assert.Equal(new DiskRoom(162411661, 9126805504), await room.Client.RoomAsync(default));
        Assert.Equal("GET /room", room.Received!.What);

        await using var free = FakeAgent.Answering("9126805504\n");
        Assert.Equal(9126805504, await free.Client.FreeAsync(default));

        await using var neither = FakeAgent.Answering("df failed");
        await Assert.ThrowsAsync<IOException>(() => neither.Client.RoomAsync(default));
        await Assert.ThrowsAsync<IOException>(() => neither.Client.FreeAsync(default));
    }

    [Fact]
    public async Task Contents_of_a_copy_are_asked_for_by_name_and_not_at_all_when_there_are_none()
    {
        await using var agent = FakeAgent.Answering("""[{"database":"wp_blog","table":"wp_posts","rows":8,"checksum":1924122157}]""");
        var copy = new CopyExtent(0, 9, "1-1-4", 700);

        Assert.Null(await agent.Client.ContentsAsync(copy, default));
        Assert.Null(agent.Received);

        Assert.Equal(
            [new TableDigest("wp_blog", "wp_posts", 8, 1924122157)],
            await agent.Client.ContentsAsync(copy with { Contents = "6b071a23004312" }, default)
        );
        Assert.Equal("GET /contents?copy=6b071a23004312", agent.Received!.What);
    }

    [Fact]
    public async Task A_log_is_sent_in_chunks_with_what_is_before_it_and_how_far_it_goes()
    {
        foreach (
            var (limit, told) in new (ReplayLimit?, string)[]
            {
                (null, ""),
                (new ReplayLimit.Until(DateTimeOffset.UnixEpoch.AddSeconds(1_000_000_000.9)), "&until=1000000000"),
                (new ReplayLimit.Through(GtidPosition.Parse("1-1-9,2-2-8")), "&through=1-1-9,2-2-8"),
            }
        )
        {
            await using var agent = FakeAgent.Answering("1-1-9");

            await agent.Client.ReplayAsync(new MemoryStream("log"u8.ToArray()), s_from, limit, default);

            Assert.Equal(new FakeAgent.Order($"PUT /replay?from=1-1-4,2-2-7{told}", "log", IsChunked: true), agent.Received);
        }
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_agents_words()
    {
        await using var agent = FakeAgent.Answering(
            "the binary log cannot be applied: ERROR 1062 (23000) at line 78: Duplicate entry '7' for key 'PRIMARY'\n",
            status: 500
        );

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() =>
            agent.Client.ReplayAsync(new MemoryStream(), s_from, null, default)
        );

        Assert.Equal(
            "mariadb-t1: the binary log cannot be applied: ERROR 1062 (23000) at line 78: Duplicate entry '7' for key 'PRIMARY'",
            failure.Message
        );
    }

    [Theory]
    [InlineData("""[{"file":"binlog.000001"}]""")]
    [InlineData("null")]
    [InlineData("")]
    public async Task An_answer_that_cannot_be_understood_is_no_empty_list(string answer)
    {
        await using var agent = FakeAgent.Answering(answer);

        Assert.StartsWith(
            "mariadb-t1: ",
            (await Assert.ThrowsAsync<IOException>(() => agent.Client.LogsAsync(default))).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(false, "POST /seed/use?gtid=1-1-4")]
    [InlineData(true, "POST /seed/use?gtid=1-1-4&aside=1")]
    public async Task The_next_data_is_used_with_the_present_kept_aside_or_not(bool aside, string order)
    {
        await using var agent = FakeAgent.Answering("");

        await agent.Client.UseAsync("1-1-4", aside, default);

        Assert.Equal(order, agent.Received!.What);
    }

    [Fact]
    public async Task Data_that_is_kept_aside_has_a_size_and_a_time()
    {
        await using var agent = FakeAgent.Answering("""{"bytes":162411661,"since":1000000000}""");
        Assert.Equal(new DataAside(162411661, DateTimeOffset.UnixEpoch.AddSeconds(1_000_000_000)), await agent.Client.AsideAsync(default));

        await using var without = FakeAgent.Answering("\n");
        Assert.Null(await without.Client.AsideAsync(default));
    }

    [Fact]
    public async Task An_import_puts_aside_under_a_name_of_its_time_or_not_at_all()
    {
        await using var agent = FakeAgent.Answering("");
        var aside = DatabaseAgent.AsideName("wp_blog", new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)));

        await agent.Client.ImportAsync("wp_blog", aside, new MemoryStream("dump"u8.ToArray()), default);
        Assert.Equal(
            new FakeAgent.Order("PUT /import?database=wp_blog&aside=wp_blog__aside_20260102020405", "dump", IsChunked: true),
            agent.Received
        );

        await agent.Client.ImportAsync("wp_blog", aside: null, new MemoryStream(), default);
        Assert.Equal("PUT /import?database=wp_blog", agent.Received!.What);
    }

    [Fact]
    public async Task An_export_says_of_which_position_it_is()
    {
        await using var agent = FakeAgent.Streaming("dump", ("Export-Gtid", "1-1-4,2-2-7"));

        using var export = await agent.Client.ExportAsync("wp_blog", default);

        Assert.Equal("dump", await ReadAsync(export.Content));
        Assert.Equal("1-1-4,2-2-7", export.Extent().Gtid);
        Assert.Equal("GET /export?database=wp_blog", agent.Received!.What);
    }

    private static async Task<string> ReadAsync(Stream content)
    {
        using var reader = new StreamReader(content);
        return await reader.ReadToEndAsync();
    }
}
