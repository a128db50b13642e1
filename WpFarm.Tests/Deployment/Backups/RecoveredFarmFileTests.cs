using WpFarm.Contracts.Settings;
using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Deployment.Backups;

public sealed class RecoveredFarmFileTests
{
    private static readonly ObjectStoreSettings s_store = new()
    {
        Endpoint = new("https://s3.example.com"),
        Bucket = "farm",
        AccessKey = "key",
        Region = "us-east-1",
        SecretKeyFile = "/run/secrets/key",
    };

    [Fact]
    public void A_copy_has_what_the_farm_has_but_for_what_only_one_can_have()
    {
        var copy = Read(
            RecoveredFarmFile.OfClone(
                """
                {
                  // A comment of the operator.
                  "domain": "example.com",
                  "edge": { "tls": "letsencrypt", "email": "us@example.com", "httpPort": 80 },
                  "storage": { "objectStorage": "none", "uploads": "nfs", "nfsExport": "10.0.0.5:/export/uploads" },
                  "backups": {
                    "full": "15 3 * * *",
                    "store": { "endpoint": "https://s3.example.com", "bucket": "farm", "accessKey": "key" },
                    "offSite": { "endpoint": "https://s3.example.org", "bucket": "copies", "accessKey": "key" }
                  },
                  "swarm": { "nodes": 3 },
                  "registry": "registry.example.com/wpfarm"
                }
                """
            )
        );

        Assert.Equal(new BackupOptions { Full = "15 3 * * *" }, copy.Backups);
        Assert.Equal(new StorageOptions(), copy.Storage);
        Assert.Equal(new EdgeOptions { Email = "us@example.com", HttpPort = 80 }, copy.Edge);
        Assert.Equal(new SwarmOptions(), copy.Swarm);
        Assert.Equal("example.com", copy.Domain);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{ /* Ours. */ \"storage\": { \"objectStorage\": \"minio\" } }")]
    public void What_a_copy_can_have_too_stays_as_it_was_written(string text) => Assert.Equal(text, RecoveredFarmFile.OfClone(text));

    [Fact]
    public void In_the_place_of_a_farm_that_is_lost_it_goes_on_in_the_bucket_that_is_left()
    {
        var recovered = Read(
            RecoveredFarmFile.OfReplacement(
                """{ "backups": { "offSite": { "endpoint": "https://s3.example.com", "bucket": "farm", "accessKey": "key" } } }""",
                s_store
            )
        );

        Assert.Equal(
            new BackupOptions
            {
                Store = new()
                {
                    Endpoint = "https://s3.example.com",
                    Bucket = "farm",
                    AccessKey = "key",
                },
            },
            recovered.Backups
        );
    }

    [Fact]
    public void One_that_this_version_does_not_read_is_refused() =>
        Assert.Throws<InvalidInputException>(() => RecoveredFarmFile.OfClone("""{ "unheard": 1 }"""));

    private static FarmOptions Read(string text) => FarmFileReader.Read(text, new Dictionary<string, string>()).Options!;
}
