using FsCheck.Xunit;
using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Recovery;
using WpFarm.Backups.Retention;
using WpFarm.Contracts.Settings;
using static WpFarm.Tests.Backups.TestBackups;

namespace WpFarm.Tests.Backups.Retention;

/// <summary>Generated months of backups under generated policies.</summary>
[Properties(MaxTest = 500)]
public sealed class RetentionHistoryTests
{
    private static readonly DateTimeOffset s_now = At("12:00:00");

    [Generated]
    public void What_a_kept_backup_needs_is_kept(int seed)
    {
        var (manifests, _, decision) = Decide(seed);
        var kept = decision.Kept.Select(one => one.Backup).ToList();
        Assert.Equal(manifests.Count, kept.Count + decision.Deleted.Count);

        var before = BackupChain.All(manifests).ToDictionary(found => found.Backup.Id, found => found.Problem);
        Assert.All(BackupChain.All(kept), found => Assert.Equal(before[found.Backup.Id], found.Problem));
    }

    [Generated]
    public void Every_promised_moment_that_could_be_recovered_still_can(int seed)
    {
        var (manifests, policy, decision) = Decide(seed);
        var kept = decision.Kept.Select(one => one.Backup).ToList();
        for (var moment = s_now - policy.PointInTime; moment <= s_now; moment += policy.PointInTime / 7 + TimeSpan.FromMinutes(7))
        {
            var target = new RecoveryTarget.Moment(moment);
            if (RecoveryDecision.For(manifests, target, [Key]).Plan is not null)
                Assert.NotNull(RecoveryDecision.For(kept, target, [Key]).Plan);
        }
    }

    [Generated]
    public void What_can_be_recovered_last_stays_so(int seed)
    {
        var (manifests, _, decision) = Decide(seed);
        var (before, after) = (Latest(manifests), Latest([.. decision.Kept.Select(one => one.Backup)]));
        Assert.Equal(before?.Moment, after?.Moment);

        RecoveryPlan? Latest(List<BackupManifest> backups) => RecoveryDecision.For(backups, new RecoveryTarget.Latest(), [Key]).Plan;
    }

    private static (List<BackupManifest> Manifests, RetentionPolicy Policy, RetentionDecision Decision) Decide(int seed)
    {
        var random = new Random(seed);
        var manifests = new List<BackupManifest>();
        BackupManifest? last = null;
        var (number, lsn) = (0, 0ul);
        for (var at = s_now.AddDays(-random.Next(1, 20)); at < s_now; at = at.AddHours(random.Next(1, 12)))
        {
            var (from, first) = (number, at);
            number += random.Next(1, 50);
            lsn += (ulong)random.Next(1, 50);
            // Occasionally a log failed, or a backup that others continue.
            if (random.Next(12) > 0)
                manifests.Add(Log($"mariadb-p{random.Next(1, 3)}", first, first.AddMinutes(10), $"1-1-{from}", $"1-1-{number}"));
            var backup =
                last is null || random.Next(5) == 0
                    ? Full(at.AddMinutes(20), $"1-1-{number}", lsn)
                    : Incremental(last, at.AddMinutes(20), $"1-1-{number}", lsn);
            if (random.Next(12) > 0)
                manifests.Add(backup);
            last = backup;
        }

        var policy = new RetentionPolicy
        {
            Hourly = random.Next(5),
            Daily = random.Next(5),
            Weekly = random.Next(3),
            Monthly = random.Next(3),
            PointInTime = TimeSpan.FromHours(random.Next(200)),
            TimeZone = "UTC",
        };
        return (manifests, policy, RetentionDecision.For(manifests, policy, s_now));
    }
}
