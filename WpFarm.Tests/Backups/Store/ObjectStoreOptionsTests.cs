using WpFarm.Backups.Store;

namespace WpFarm.Tests.Backups.Store;

public sealed class ObjectStoreOptionsTests
{
    private static readonly ObjectStoreOptions s_good = new()
    {
        Endpoint = new("http://object-storage:8080"),
        Bucket = "farm-backups",
        AccessKey = "farm:backup",
        SecretKeyFile = "/run/secrets/key",
    };

    [Fact]
    public void Good_options_have_no_problems() =>
        Assert.Empty((s_good with { OffSite = s_good with { Bucket = "elsewhere" } }).Problems("store"));

    [Fact]
    public void All_problems_are_told_at_once_each_with_its_key() =>
        Assert.Equal(
            ["store.endpoint", "store.bucket", "store.accessKey", "store.secretKeyFile", "store.region"],
            new ObjectStoreOptions
            {
                Endpoint = new("ftp://x"),
                Bucket = "Ab",
                Region = "",
            }
                .Problems("store")
                .Select(problem => problem.Split(':')[0])
        );

    [Fact]
    public void The_second_store_is_checked_too_and_must_be_another() =>
        Assert.Equal(
            ["store.offSite.accessKey", "store.offSite"],
            (s_good with { OffSite = s_good with { AccessKey = "" } }).Problems("store").Select(problem => problem.Split(':')[0])
        );
}
