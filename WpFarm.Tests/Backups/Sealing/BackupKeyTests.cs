using WpFarm.Backups.Sealing;

namespace WpFarm.Tests.Backups.Sealing;

public sealed class BackupKeyTests
{
    private static readonly string s_hex = new('a', 64);

    [Fact]
    public void The_same_key_has_the_same_id_however_it_is_written() =>
        Assert.Equal(BackupKey.Parse(s_hex).Id, BackupKey.Parse($" {s_hex.ToUpperInvariant()}\n").Id);

    [Fact]
    public void An_id_tells_nothing_of_the_key()
    {
        var key = BackupKey.Parse(s_hex);
        Assert.Matches("^[0-9a-f]{16}$", key.Id);
        Assert.DoesNotContain("aaaa", key.Id, StringComparison.Ordinal);
        Assert.Equal(key.Id, key.ToString());
        Assert.NotEqual(key.Id, BackupKey.Parse(new('b', 64)).Id);
    }

    [Theory]
    [InlineData("", "has 0 characters")]
    [InlineData("abcd", "has 4 characters")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaagg", "must be hexadecimal; its character 63 is not")]
    public void What_is_no_key_is_refused_with_the_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => BackupKey.Parse(text)).Message, StringComparison.Ordinal);
}
