using WpFarm.Backups.Store;
using WpFarm.Contracts.Settings;
using WpFarm.Tests.Orchestrator;

namespace WpFarm.Tests.Backups.Store;

public sealed class ObjectStoreRulesTests
{
    private static readonly ObjectStoreSettings s_good = TestSettings.Store;

    [Fact]
    public void Good_settings_have_no_problems() =>
        Assert.Empty((s_good with { OffSite = s_good with { Bucket = "elsewhere" } }).Problems("store"));

    [Fact]
    public void All_problems_are_told_at_once_each_with_its_key() =>
        Assert.Equal(
            ["store.endpoint", "store.bucket", "store.accessKey", "store.secretKeyFile", "store.region"],
            new ObjectStoreSettings
            {
                Endpoint = new("ftp://x"),
                Bucket = "Ab",
                AccessKey = "",
                Region = "",
                SecretKeyFile = "key",
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
