using WpFarm.Backups.Catalogue;

namespace WpFarm.Tests.Backups.Catalogue;

public sealed class BackupIdTests
{
    [Fact]
    public void An_id_says_when_and_what_it_is()
    {
        var id = BackupId.New(BackupKind.BinaryLog, "mariadb-p1", new(2026, 11, 24, 11, 15, 0, TimeSpan.FromHours(1)));
        Assert.Matches("^20261124T101500Z-binary-log-mariadb-p1-[0-9a-f]{6}$", id);
        Assert.Equal($"backups/2026-11-24/{id}.sealed", BackupId.DataOf(id));
        Assert.Equal($"backups/2026-11-24/{id}.json", BackupId.ManifestOf(id));
    }

    [Fact]
    public void No_two_are_the_same() =>
        Assert.NotEqual(BackupId.New(BackupKind.Uploads, null, default), BackupId.New(BackupKind.Uploads, null, default));

    [Theory]
    [InlineData("backups/2026-11-24/20261124T101500Z-full-mariadb-r1-3fa85f.sealed", true)]
    [InlineData("backups/2026-11-25/20261124T101500Z-full-mariadb-r1-3fa85f.sealed", false)]
    [InlineData("backups/20261124T101500Z-full-mariadb-r1-3fa85f.json", false)]
    [InlineData("backups/notes.json", false)]
    public void Only_objects_with_a_backups_name_are_one(string name, bool isOne) =>
        Assert.Equal(isOne, BackupId.FromObject(name) is not null);
}
