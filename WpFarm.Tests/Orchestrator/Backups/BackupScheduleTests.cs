using WpFarm.Backups.Catalogue;
using WpFarm.Orchestrator.Backups;
using static WpFarm.Tests.Backups.TestBackups;

namespace WpFarm.Tests.Orchestrator.Backups;

/// <summary>Full at 02:15, incremental at a quarter past each hour, without jitter.</summary>
public sealed class BackupScheduleTests
{
    private static readonly BackupSchedule s_schedule = BackupSchedule.Of(TestSettings.Backups with { Jitter = TimeSpan.Zero }, "farm");
    private static readonly BackupManifest s_full = Full("02:15:00", "1-1-100");

    [Fact]
    public void Without_any_backup_a_full_one_is_due_at_once() => Assert.Equal(BackupKind.Full, Due("02:20:00"));

    [Fact]
    public void After_a_full_one_nothing_is_due_until_the_hour() => Assert.Null(Due("03:14:59", s_full));

    [Fact]
    public void At_the_hour_what_has_changed_is_due() => Assert.Equal(BackupKind.Incremental, Due("03:15:00", s_full));

    [Fact]
    public void What_was_missed_is_due_once() => Assert.Null(Due("05:20:00", s_full, Incremental(s_full, "05:19:00", "1-1-200", 2000)));

    [Fact]
    public void At_the_day_a_full_one_is_due_before_an_incremental_one() =>
        Assert.Equal(BackupKind.Full, s_schedule.Due([s_full], null, gap: false, At("02:15:00").AddDays(1))?.Kind);

    [Fact]
    public void Missing_binary_logs_make_a_full_one_due() =>
        Assert.Equal(BackupKind.Full, s_schedule.Due([s_full], null, gap: true, At("02:20:00"))?.Kind);

    [Fact]
    public void Backups_of_another_history_do_not_count() =>
        Assert.Equal(BackupKind.Full, s_schedule.Due([s_full], At("02:18:00"), gap: false, At("02:20:00"))?.Kind);

    [Fact]
    public void Other_kinds_do_not_count() => Assert.Equal(BackupKind.Full, Due("02:20:00", Of(BackupKind.Configuration, At("02:16:00"))));

    private static BackupKind? Due(string now, params BackupManifest[] backups) =>
        s_schedule.Due(backups, historySince: null, gap: false, At(now))?.Kind;
}
