using WpFarm.Deployment.Audit;
using WpFarm.Tests.Topology;
using WpFarm.Topology;

namespace WpFarm.Tests.Deployment.Audit;

public sealed class VersionAuditTests
{
    private static readonly DateOnly s_today = new(2026, 11, 30);
    private static readonly Image.Upstream s_image = new("example/app", "1.2.3");

    [Theory]
    [InlineData(0, AuditVerdict.Mend)]
    [InlineData(-400, AuditVerdict.Mend)]
    [InlineData(1, AuditVerdict.Advice)]
    [InlineData(60, AuditVerdict.Advice)]
    [InlineData(61, AuditVerdict.Good)]
    public void Judge_DaysUntilTheEndOfTheSupport_DecideTheVerdict(int days, AuditVerdict verdict) =>
        Assert.Equal(verdict, VersionAudit.Judge(new Pin(s_image, s_today.AddDays(days), s_today), s_today).Verdict);

    [Theory]
    [InlineData(179, AuditVerdict.Good)]
    [InlineData(180, AuditVerdict.Advice)]
    public void Judge_NoEndIsAnnounced_TheLookMustNotBeOld(int daysAgo, AuditVerdict verdict) =>
        Assert.Equal(verdict, VersionAudit.Judge(new Pin(s_image, null, s_today.AddDays(-daysAgo)), s_today).Verdict);

    [Fact]
    public void Judge_AnEndedLineWithSomethingInItsPlace_SaysWhat() =>
        Assert.Equal("use another", VersionAudit.Judge(new Pin(s_image, s_today, s_today) { Instead = "use another" }, s_today).ToDo);

    [Fact]
    public void Judge_EveryUpstreamImageOfTheModel_HasAPinOfItsOwn()
    {
        var used = EveryFarm.ByName.Values.SelectMany(farm => VersionAudit.Judge(farm, s_today)).Select(finding => finding.Subject);

        Assert.Equal(UpstreamImages.All.Select(image => image.Reference).Order(), used.Distinct().Order());
    }

    [Fact]
    public void On_the_day_of_the_last_look_only_MinIO_had_no_upstream_any_more() =>
        Assert.Equal(
            [UpstreamImages.MinIO],
            UpstreamImages.Pins.Where(pin => VersionAudit.Judge(pin, pin.Looked).Verdict is not AuditVerdict.Good).Select(pin => pin.Image)
        );
}
