using WpFarm.Backups.Retention;
using WpFarm.Tests.Orchestrator;

namespace WpFarm.Tests.Backups.Retention;

public sealed class RetentionRulesTests
{
    [Fact]
    public void All_problems_of_a_policy_are_told() =>
        Assert.Equal(
            ["keep.hourly", "keep.pointInTime", "keep.timeZone"],
            (TestSettings.KeepNothing with { Hourly = -1, PointInTime = TimeSpan.FromDays(-1), TimeZone = "Berlin" })
                .Problems("keep")
                .Select(problem => problem.Split(':')[0])
        );
}
