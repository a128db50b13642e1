using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Retention;
using WpFarm.Contracts.Settings;
using WpFarm.Tests.Orchestrator;
using static WpFarm.Tests.Backups.TestBackups;

namespace WpFarm.Tests.Backups.Retention;

public sealed class RetentionDecisionTests
{
    private static readonly DateTimeOffset s_now = At("12:00:00");
    private static readonly RetentionPolicy s_nothing = TestSettings.KeepNothing;

    [Theory]
    [InlineData(3, 0, 0, 0, "11-24 11, 11-24 10, 11-24 09")]
    [InlineData(0, 3, 0, 0, "11-24 11, 11-23 23, 11-22 23")]
    [InlineData(0, 0, 2, 0, "11-24 11, 11-22 23")]
    [InlineData(0, 0, 0, 3, "11-24 11, 10-31 23, 09-30 23")]
    [InlineData(1, 2, 0, 2, "11-24 11, 11-23 23, 10-31 23")]
    public void Of_each_period_the_last_is_kept(int hourly, int daily, int weekly, int monthly, string kept)
    {
        var hours = Enumerable.Range(0, 24 * 90).Select(hour => Of(BackupKind.Uploads, At("11:00:00").AddHours(-hour))).ToList();
        var decision = RetentionDecision.For(
            hours,
            s_nothing with
            {
                Hourly = hourly,
                Daily = daily,
                Weekly = weekly,
                Monthly = monthly,
            },
            s_now
        );
        Assert.Equal(
            kept,
            string.Join(
                ", ",
                decision.Kept.Select(one => one.Backup.Started.ToString("MM-dd HH", System.Globalization.CultureInfo.InvariantCulture))
            )
        );
        Assert.Equal(hours.Count, decision.Kept.Count + decision.Deleted.Count);
    }

    [Fact]
    public void Days_end_where_the_farm_is()
    {
        // 23:30 in Berlin, and 00:30 of the next day in Berlin.
        var (before, after) = (Of(BackupKind.Uploads, At("22:30:00").AddDays(-1)), Of(BackupKind.Uploads, At("23:30:00").AddDays(-1)));
        var daily = s_nothing with { Daily = 2 };
        Assert.Single(RetentionDecision.For([before, after], daily, s_now).Kept);
        Assert.Equal(2, RetentionDecision.For([before, after], daily with { TimeZone = "Europe/Berlin" }, s_now).Kept.Count);
    }

    [Fact]
    public void Sites_do_not_push_each_other_out()
    {
        BackupManifest[] sites = [Of(BackupKind.Site, s_now.AddHours(-2), "blog"), Of(BackupKind.Site, s_now.AddHours(-1), "shop")];
        Assert.Empty(RetentionDecision.For(sites, s_nothing with { Daily = 1 }, s_now).Deleted);
    }

    [Fact]
    public void A_kept_incremental_keeps_what_it_continues()
    {
        var full = Full("01:00:00", "1-1-100");
        var first = Incremental(full, "02:00:00", "1-1-200", 2000);
        var second = Incremental(first, "03:00:00", "1-1-300", 3000);
        var decision = RetentionDecision.For([full, first, second], s_nothing with { Hourly = 1 }, s_now);
        Assert.Empty(decision.Deleted);
        Assert.Equal(
            [$"{second.Id} continues it", $"{second.Id} continues it", "last of the hour 2026-11-24 03:00+00:00"],
            decision.Kept.Select(kept => kept.Why)
        );
    }

    [Fact]
    public void The_last_good_chain_stays_whatever_the_policy_is()
    {
        var old = Full("01:00:00", "1-1-100") with { Completed = s_now.AddYears(-1), Started = s_now.AddYears(-1) };
        var broken = Incremental(old with { Id = "20261124T000000Z-full-x-000000" }, "03:00:00", "1-1-300", 3000);
        var decision = RetentionDecision.For([old, broken], s_nothing, s_now);
        Assert.Equal((old, broken), (Assert.Single(decision.Kept).Backup, Assert.Single(decision.Deleted)));
        Assert.Equal("the latest of its kind", decision.Kept[0].Why);
    }

    [Fact]
    public void Logs_are_kept_from_the_chain_on_that_the_promise_needs()
    {
        BackupManifest[] fulls = [Full("01:00:00", "1-1-100"), Full("05:00:00", "1-1-500"), Full("09:00:00", "1-1-900")];
        var logs = Enumerable
            .Range(0, 11)
            .Select(hour =>
                Log("mariadb-p1", At($"{hour:00}:10:00"), At($"{hour:00}:59:00"), $"1-1-{hour * 100}", $"1-1-{(hour * 100) + 100}")
            )
            .ToList();
        var decision = RetentionDecision.For([.. fulls, .. logs], s_nothing with { PointInTime = TimeSpan.FromHours(5) }, s_now);
        Assert.Equal([fulls[0], .. logs[..5]], decision.Deleted);
        Assert.Contains(decision.Kept, kept =>
            kept.Backup == fulls[1] && kept.Why == "needed to recover any moment from 2026-11-24T07:00:00Z on"
        );
    }

    [Fact]
    public void After_a_hole_in_the_logs_the_chain_that_moments_are_recovered_from_stays()
    {
        BackupManifest[] fulls =
        [
            Full("01:00:00", "1-1-100"),
            Full("05:00:00", "1-1-500"),
            Full("06:00:00", "1-1-600"),
            Full("09:00:00", "1-1-900"),
        ];
        BackupManifest[] logs =
        [
            Log("mariadb-p1", "01:10:00", "03:00:00", "1-1-100", "1-1-300"),
            Log("mariadb-p1", "04:10:00", "10:00:00", "1-1-400", "1-1-1000"),
        ];
        var decision = RetentionDecision.For([.. fulls, .. logs], s_nothing with { PointInTime = TimeSpan.FromHours(10) }, s_now);
        Assert.Equal([fulls[2]], decision.Deleted);
        Assert.Contains(decision.Kept, kept =>
            kept.Backup == fulls[1] && kept.Why == $"binary logs are missing between {fulls[0].Id} and this backup"
        );
    }

    [Fact]
    public void Logs_without_any_full_backup_are_kept() =>
        Assert.Empty(RetentionDecision.For([Log("mariadb-p1", "01:00:00", "02:00:00", "", "1-1-5")], s_nothing, s_now).Deleted);
}
