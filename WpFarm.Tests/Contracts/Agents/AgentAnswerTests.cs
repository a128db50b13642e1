using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using WpFarm.Contracts.Agents;
using WpFarm.Contracts.Agents.Database;
using WpFarm.Contracts.Agents.Uploads;

namespace WpFarm.Tests.Contracts.Agents;

public sealed class AgentAnswerTests
{
    private static readonly AgentJson s_json = AgentJson.Default;

    [Fact]
    public void The_database_agents_answers_are_read_as_they_are_written()
    {
        RoundTrip("""{"instance":"6b07","version":"11.8.3"}""", s_json.DataOrigin);
        RoundTrip("""{"bytes":162411661,"since":1795627579}""", s_json.DataAside);
        RoundTrip("""[{"database":"wp_blog","table":"wp_posts","rows":8,"checksum":1924122157}]""", s_json.IReadOnlyListTableContents);
        RoundTrip("""["wp_blog.wp_posts error : Corrupt"]""", s_json.IReadOnlyListString);
        RoundTrip("9126805504", s_json.Int64);
        RoundTrip("""[{"file":"binlog.000002","bytes":1885,"start":"1-1-4","end":"1-1-8"}]""", s_json.IReadOnlyListBinaryLogFile);
    }

    [Fact]
    public void The_uploads_agents_answers_are_read_as_they_are_written()
    {
        RoundTrip(
            """{"snapshots":[{"id":"a","time":"2026-11-25T17:10:05+00:00","files":2,"bytes":30,"bytesAdded":null}]}""",
            s_json.UploadsSnapshotList
        );
        const string Counts = """
            "files":3,"filesNew":2,"filesChanged":1,"bytes":300,"bytesAdded":200,"bytesStored":150
            """;
        RoundTrip($$"""{"id":"a","initialized":true,{{Counts}},"unread":["blog/a"],"seconds":1.5}""", s_json.UploadsSnapshotReport);
        RoundTrip("""{"forgotten":1,"left":2,"seconds":0.5}""", s_json.UploadsForgetReport);
        RoundTrip("""{"errors":1,"problems":["pack 12: damaged"],"seconds":0.5}""", s_json.UploadsCheckReport);
        RoundTrip("""{"id":null,"files":1,"bytes":5,"seconds":0.5}""", s_json.UploadsRestoreReport);
        RoundTrip("""{"restores":["20260102T030405Z-8d409e48"]}""", s_json.UploadsRestoreList);
        RoundTrip(
            """{"files":[{"path":"blog/a","bytes":1,"sha256":null,"restored":false,"upload":"differs"}],"seconds":1}""",
            s_json.UploadsSample
        );
        RoundTrip(
            """{"order":"POST /snapshots","seconds":2.5,"percent":12.5,"files":1,"bytes":2,"bytesTotal":3}""",
            s_json.UploadsProgress
        );
    }

    [Fact]
    public void Each_fault_is_told_by_its_name_in_camelCase_and_has_a_status()
    {
        foreach (var fault in Enum.GetValues<UploadsFault>().Except([UploadsFault.AgentUnreachable]))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(fault.ToString());
            RoundTrip($$"""{"fault":"{{name}}","message":"what to do"}""", s_json.UploadsRefusal);
            Assert.InRange(fault.HttpStatus(), 400, 507);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => UploadsFault.AgentUnreachable.HttpStatus());
    }

    [Theory]
    [InlineData("""{"bytes":1}""")]
    [InlineData("""{"bytes":null,"since":1}""")]
    [InlineData("""{"bytes":1,"since":"2026-11-25"}""")]
    public void An_answer_without_what_it_must_have_is_an_error(string json) =>
        Assert.ThrowsAny<Exception>(() => JsonSerializer.Deserialize(json, s_json.DataAside));

    [Fact]
    public void Free_and_used_space_are_two_numbers()
    {
        Assert.Equal(new DiskRoom(162411661, 9126805504), DiskRoom.Parse("162411661 9126805504"));
        Assert.Equal("162411661 9126805504", new DiskRoom(162411661, 9126805504).ToString());
        Assert.All(["", "1", "1 2 3", "1 x", "-1 2"], text => Assert.Null(DiskRoom.Parse(text)));
    }

    [Fact]
    public void What_a_stream_holds_is_read_from_the_trailers_that_are_sent()
    {
        Streamed(new CopyExtent(5, 9, "1-1-4", 700) { Contents = "6b071a23004312" });
        Streamed(new CopyExtent(0, ulong.MaxValue, "", 700));
        Streamed(new LogExtent(DateTimeOffset.FromUnixTimeSeconds(1_000_000_000), DateTimeOffset.FromUnixTimeSeconds(1_000_000_005), 1885));
        Streamed(new LogExtent(null, null, 325));
        Streamed(new ExportExtent("1-1-4,2-2-7"));
    }

    private static void Streamed<T>(T extent)
        where T : class, IStreamExtent<T>
    {
        var sent = extent
            .Trailers.Where(trailer => trailer.Value is not null)
            .ToDictionary(trailer => trailer.Name, trailer => trailer.Value);

        Assert.Equal(T.TrailerNames, extent.Trailers.Select(trailer => trailer.Name));
        Assert.Equal(extent, T.Read(sent.GetValueOrDefault));
        Assert.Null(T.Read(_ => null));
    }

    private static void RoundTrip<T>(string json, JsonTypeInfo<T> type) =>
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize(json, type)!, type));
}
