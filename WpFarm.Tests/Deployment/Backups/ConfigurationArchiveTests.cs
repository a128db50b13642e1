using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Secrets;
using WpFarm.Topology;

namespace WpFarm.Tests.Deployment.Backups;

public sealed class ConfigurationArchiveTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("wpfarm-archive-");
    private readonly FarmInstance _instance;

    public ConfigurationArchiveTests()
    {
        _instance = new(_root.FullName, "dev");
        new SecretStore(_instance.SecretsFolder).Generate([
            .. Secret.All.Where(secret => secret.Name is Secret.BackupKey or Secret.SitesKey),
        ]);
        File.WriteAllText(FarmFile, "{ /* ours */ }");
        File.WriteAllText(_instance.ComposeFile, "services: {}");
    }

    private string FarmFile => Path.Combine(_root.FullName, "farm.json");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void What_is_packed_is_unpacked()
    {
        var found = ConfigurationArchive.Unpack(new MemoryStream(ConfigurationArchive.Pack(_instance, FarmFile)));

        Assert.Equal("{ /* ours */ }", found.FarmFile);
        Assert.Equal([Secret.BackupKey, Secret.SitesKey], found.Secrets.Keys);
        Assert.Equal(File.ReadAllText(Path.Combine(_instance.SecretsFolder, Secret.SitesKey)), found.Secrets[Secret.SitesKey]);
    }

    [Fact]
    public void The_same_farm_makes_the_same_bytes_so_that_it_is_stored_once()
    {
        var first = ConfigurationArchive.Pack(_instance, FarmFile);
        File.SetLastWriteTimeUtc(FarmFile, DateTime.UnixEpoch);

        Assert.Equal(first, ConfigurationArchive.Pack(_instance, FarmFile));
    }

    [Fact]
    public void A_secret_that_has_another_value_is_another_configuration()
    {
        var first = ConfigurationArchive.Pack(_instance, FarmFile);
        var secret = Path.Combine(_instance.SecretsFolder, Secret.SitesKey);
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(secret, "another");

        Assert.NotEqual(first, ConfigurationArchive.Pack(_instance, FarmFile));
    }

    [Fact]
    public void A_farm_that_was_never_started_has_no_configuration_to_keep() =>
        Assert.Throws<InvalidInputException>(() => ConfigurationArchive.Pack(new(_root.FullName, "other"), FarmFile));
}
