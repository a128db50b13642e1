using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WpFarm.Deployment.Instance;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology;

public sealed partial class UploadsBackupTopologyTests
{
    [Fact]
    public void It_may_read_and_restore_every_sites_files_and_is_reached_on_the_management_network_alone()
    {
        var service = TestFarms.OneBox.Find("uploads-backup")!;

        Assert.Equal([Network.Management], service.Networks.Select(n => n.Network));
        Assert.Equal(["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID"], service.Capabilities.Select(capability => capability.Name));
        Assert.Empty(service.Ports);
        Assert.True(service.ReadOnlyRoot);
        Assert.Null(service.User);
    }

    [Fact]
    public void Only_the_Orchestrator_and_it_have_the_key_of_its_orders() =>
        Assert.Equal(
            ["orchestrator", "uploads-backup"],
            TestFarms.OneBox.Services.Where(s => s.Secrets.Contains(Secret.BackupAgentKey)).Select(s => s.Name).Order()
        );

    [Fact]
    public void The_Orchestrator_is_told_where_it_is() => Assert.Equal("http://uploads-backup:9301", AddressIn(TestFarms.OneBox));

    public static TheoryData<FarmOptions, bool> Without =>
        new()
        {
            {
                new() { Backups = new() { Uploads = new() { Enabled = false } } },
                false
            },
            {
                new() { Storage = new() { ObjectStorage = ObjectStorageKind.None } },
                false
            },
            {
                new() { Storage = new() { ObjectStorage = ObjectStorageKind.Minio } },
                true
            },
        };

    [Theory]
    [MemberData(nameof(Without))]
    public void Where_it_is_not_wanted_or_there_is_no_store_it_is_not_there_and_nobody_has_its_key(FarmOptions options, bool withoutImages)
    {
        var farm = Farm.Build(options, withoutImages ? UpstreamImages.All.ToHashSet() : null);

        Assert.Null(farm.Find("uploads-backup"));
        Assert.Null(AddressIn(farm));
        Assert.DoesNotContain(farm.Secrets, secret => secret.Name is Secret.BackupAgentKey);
        Assert.DoesNotContain(farm.Find("orchestrator")!.Calls, call => call.Endpoint.Host == "uploads-backup");
    }

    [Fact]
    public void The_limit_is_given_in_the_unit_of_restic()
    {
        var farm = Farm.Build(new() { Backups = new() { Uploads = new() { MegabytesPerSecond = 5 } } });

        Assert.Equal(5120, Settings(farm.Find("uploads-backup")!, "uploads-backup.json").GetProperty("uploadLimit").GetInt32());
    }

    [Fact]
    public void Its_settings_have_the_keys_that_its_Python_demands()
    {
        var python = File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "images/uploads-backup/uploads_backup/settings.py"));

        Assert.Equal(
            PythonField().Matches(python).Select(field => field.Groups[1].Value),
            Settings(TestFarms.OneBox.Find("uploads-backup")!, "uploads-backup.json").EnumerateObject().Select(key => key.Name)
        );
    }

    private static string? AddressIn(Farm farm) =>
        JsonNode
            .Parse(Settings(farm.Find("orchestrator")!, "orchestrator.json").GetRawText())!["backups"]
            ?["uploads"]?["address"]?.GetValue<string>();

    private static JsonElement Settings(Service service, string file)
    {
        using var document = JsonDocument.Parse(service.Files.Single(f => f.Path == $"/etc/farm/{file}").Content);
        return document.RootElement.Clone();
    }

    /// <summary>A field of a dataclass without a default: <c>    region: str</c>.</summary>
    [GeneratedRegex(@"^    (\w+): \w+$", RegexOptions.Multiline)]
    private static partial Regex PythonField();
}
