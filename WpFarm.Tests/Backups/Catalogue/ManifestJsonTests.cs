using System.Text;
using System.Text.Json.Nodes;
using WpFarm.Backups.Catalogue;
using static WpFarm.Tests.Backups.TestBackups;

namespace WpFarm.Tests.Backups.Catalogue;

public sealed class ManifestJsonTests
{
    private static readonly BackupManifest s_log = Log("mariadb-p1", "10:00:00", "10:00:59", "1-1-5", "1-1-9") with
    {
        Tools = new Dictionary<string, string> { ["mariadb-binlog"] = "11.8.3" },
        Tables = [new("wp_blog", "wp_posts", 12, 34)],
    };

    [Fact]
    public void What_is_written_is_read_again()
    {
        var json = ManifestJson.Write(s_log);
        Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(ManifestJson.Write(ManifestJson.Read(s_log.Id, json))));
        var node = JsonNode.Parse(json)!;
        Assert.Equal(("1-1-5", "BinaryLog", 1), ((string)node["gtidStart"]!, (string)node["kind"]!, (int)node["version"]!));
    }

    [Fact]
    public void A_newer_format_is_refused_in_words() =>
        Assert.Contains(
            "was written by a newer WpFarm (format 2; this one reads up to 1)",
            Broken(json => json["version"] = 2),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("version", null, "version is missing")]
    [InlineData("gtidEnd", null, "gtidEnd is missing")]
    [InlineData("gtidEnd", "1-1", "'1-1' in '1-1' is not a GTID")]
    [InlineData("gtidEnd", "1-1-1", "is after gtidEnd")]
    [InlineData("kind", "Partial", "kind")]
    [InlineData("storedSha256", "abc", "invalid SHA-256")]
    [InlineData("id", "20261124T101500Z-full-x-000000", "is the manifest of 20261124T101500Z-full-x-000000")]
    [InlineData("server", null, "server is missing")]
    [InlineData("completed", "2026-11-24T09:00:00Z", "before it started")]
    public void What_cannot_be_is_told(string key, string? value, string problem) =>
        Assert.Contains(problem, Broken(json => json[key] = value), StringComparison.Ordinal);

    [Fact]
    public void Half_a_manifest_is_broken() =>
        Assert.Throws<ManifestException>(() => ManifestJson.Read(s_log.Id, ManifestJson.Write(s_log)[..100]));

    [Fact]
    public void A_manifest_that_could_not_be_read_again_is_not_written() =>
        Assert.Throws<ArgumentException>(() => ManifestJson.Write(s_log with { GtidEnd = null }));

    private static string Broken(Action<JsonNode> change)
    {
        var json = JsonNode.Parse(ManifestJson.Write(s_log))!;
        change(json);
        return Assert.Throws<ManifestException>(() => ManifestJson.Read(s_log.Id, Encoding.UTF8.GetBytes(json.ToJsonString()))).Message;
    }
}
