using WpFarm.Contracts.Agents.Uploads;
using WpFarm.Orchestrator.Backups.Uploads;

namespace WpFarm.Tests.Orchestrator.Backups.Uploads;

public sealed class UploadsMomentTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly UploadsSnapshot[] s_snapshots = [Made("later", 1), Made("first", -2), Made("last", -1)];

    [Theory]
    [InlineData(0, "last")]
    [InlineData(-1, "last")]
    [InlineData(-1.5, "first")]
    [InlineData(2, "later")]
    [InlineData(-3, null)]
    public void The_last_that_was_begun_before_the_moment(double hours, string? expected) =>
        Assert.Equal(expected, s_snapshots.LastBefore(s_noon.AddHours(hours))?.Id);

    private static UploadsSnapshot Made(string id, int hours) => new(id, s_noon.AddHours(hours), 1, 1, 1);
}
