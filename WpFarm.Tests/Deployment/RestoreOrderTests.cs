using WpFarm.Deployment.Backups;

namespace WpFarm.Tests.Deployment;

public sealed class RestoreOrderTests
{
    [Fact]
    public void As_far_as_it_goes_is_said_by_saying_nothing() => Assert.Equal("", new RestoreOrder().Query);

    [Fact]
    public void What_is_said_is_escaped() =>
        Assert.Equal("?to=2026-11-24T10%3A15%3A00%2B01%3A00&site=blog&into=wp_beside", new RestoreOrder { To = "2026-11-24T10:15:00+01:00", Site = "blog", Into = "wp_beside" }.Query);

    [Fact]
    public void Uploads_are_asked_for_alone() => Assert.Equal("?gtid=1-1-5&uploads=true", new RestoreOrder { Gtid = "1-1-5", Uploads = true }.Query);
}
