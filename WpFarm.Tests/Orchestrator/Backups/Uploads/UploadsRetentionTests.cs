using WpFarm.Contracts.Agents.Uploads;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Backups.Uploads;

namespace WpFarm.Tests.Orchestrator.Backups.Uploads;

public sealed class UploadsRetentionTests
{
    private static readonly RetentionPolicy s_policy = TestSettings.KeepNothing with { Daily = 2, Monthly = 1, TimeZone = "Europe/Berlin" };

    [Fact]
    public void The_last_of_a_day_stays_and_days_are_the_farms()
    {
        // 22:30 UTC is the next day in Berlin.
        var forgotten = UploadsRetention.Forgotten(
            [Made("a", "2026-11-22T03:00"), Made("b", "2026-11-23T03:00"), Made("c", "2026-11-23T22:30"), Made("d", "2026-11-23T23:30")],
            s_policy
        );

        Assert.Equal(["a", "b"], forgotten);
    }

    [Fact]
    public void The_latest_stays_whatever_the_policy_says() =>
        Assert.Equal(
            ["a"],
            UploadsRetention.Forgotten(
                [Made("a", "2025-01-01T03:00"), Made("b", "2025-01-02T03:00")],
                s_policy with
                {
                    Daily = 0,
                    Monthly = 0,
                }
            )
        );

    private static UploadsSnapshot Made(string id, string time) =>
        new(id, DateTimeOffset.Parse(time + "Z", System.Globalization.CultureInfo.InvariantCulture), 1, 1, 1);
}
