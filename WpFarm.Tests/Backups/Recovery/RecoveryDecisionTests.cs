using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;
using WpFarm.Backups.Recovery;
using static WpFarm.Tests.Backups.TestBackups;

namespace WpFarm.Tests.Backups.Recovery;

public sealed class RecoveryDecisionTests
{
    private static readonly BackupManifest s_full = Full("03:00:00", "1-1-100", lsn: 1000);
    private static readonly BackupManifest s_first = Incremental(s_full, "04:00:00", "1-1-200", lsn: 2000);
    private static readonly BackupManifest s_second = Incremental(s_first, "05:00:00", "1-1-300", lsn: 3000);

    private static readonly BackupManifest[] s_logs =
    [
        Log("mariadb-p1", "03:00:30", "04:30:00", "1-1-90", "1-1-250"),
        Log("mariadb-p1", "04:30:10", "05:30:00", "1-1-250", "1-1-350"),
        Log("mariadb-p1", "05:30:10", "06:30:00", "1-1-350", "1-1-450"),
    ];

    private static readonly BackupManifest[] s_all = [s_full, s_first, s_second, .. s_logs];

    [Fact]
    public void The_latest_is_the_newest_chain_and_all_logs_that_follow_it()
    {
        var plan = Plan(s_all, new RecoveryTarget.Latest());
        Assert.Equal([s_full, s_first, s_second], plan.Chain.Backups);
        Assert.Equal([s_logs[1], s_logs[2]], plan.Logs.Select(step => step.Log));
        Assert.Equal(["1-1-300", "1-1-350"], plan.Logs.Select(step => step.From.ToString()));
        Assert.Equal((At("06:30:00"), "1-1-450"), (plan.Moment, plan.Position.ToString()));
        Assert.Equal(TimeSpan.FromMinutes(10), plan.Lost(At("06:40:00")));
        Assert.Equal(5 * 400, plan.Bytes);
        Assert.Equal(
            TimeSpan.FromSeconds((2000 / 100) + (3000 / 1000) + (2000 / 500) + 5),
            plan.Estimate(new(100, 1000, 500, TimeSpan.FromSeconds(5)))
        );
    }

    [Theory]
    [InlineData("04:15:00", 2, 1)]
    [InlineData("04:00:30", 1, 1)] // The incremental was not complete yet.
    [InlineData("05:30:05", 3, 1)] // Between two logs: the second one shows that there is nothing before it.
    [InlineData("06:30:00", 3, 2)]
    public void A_moment_takes_the_newest_chain_before_it_and_logs_up_to_it(string at, int backups, int logs)
    {
        var plan = Plan(s_all, new RecoveryTarget.Moment(At(at)));
        Assert.Equal((backups, logs, At(at)), (plan.Chain.Backups.Count, plan.Logs.Count, plan.Moment));
    }

    [Theory]
    [InlineData("1-1-150", 1, 1)]
    [InlineData("1-1-200", 2, 0)]
    [InlineData("1-1-201", 2, 1)]
    [InlineData("1-1-450", 3, 2)]
    public void A_transaction_takes_the_newest_chain_before_it_and_logs_up_to_it(string gtid, int backups, int logs)
    {
        var plan = Plan(s_all, new RecoveryTarget.Transaction(GtidPosition.Parse(gtid)));
        Assert.Equal((backups, logs), (plan.Chain.Backups.Count, plan.Logs.Count));
    }

    [Fact]
    public void A_backup_takes_its_chain_and_no_logs()
    {
        var plan = Plan(s_all, new RecoveryTarget.Backup(s_first.Id));
        Assert.Equal([s_full, s_first], plan.Chain.Backups);
        Assert.Empty(plan.Logs);
        Assert.Equal((At("04:00:00"), "1-1-200"), (plan.Moment, plan.Position.ToString()));
    }

    [Fact]
    public void A_backup_that_is_not_there_is_refused_by_name() =>
        Assert.Contains(
            "20010101T000000Z-full-x-000000",
            RecoveryDecision.For(s_all, new RecoveryTarget.Backup("20010101T000000Z-full-x-000000"), [Key]).Refusal,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_transaction_that_a_lost_farm_ended_with_is_found_also_when_a_new_farm_has_begun_another_history()
    {
        var began = At("07:00:00");
        BackupManifest[] later =
        [
            Full("07:01:00", "1-1-20") with
            {
                HistorySince = began,
            },
            Log("mariadb-p1", "07:02:00", "07:03:00", "1-1-20", "1-1-40") with
            {
                HistorySince = began,
            },
        ];
        var plan = Plan([.. s_all, .. later], new RecoveryTarget.Transaction(GtidPosition.Parse("1-1-450")));
        Assert.Equal([s_full, s_first, s_second], plan.Chain.Backups);
        Assert.Equal("1-1-450", plan.Position.ToString());
    }

    [Fact]
    public void A_transaction_with_its_moment_is_not_taken_from_what_another_history_has_under_the_same_number()
    {
        var began = At("07:00:00");
        BackupManifest[] later =
        [
            Full("07:01:00", "1-1-20") with
            {
                HistorySince = began,
            },
            Log("mariadb-p1", "07:02:00", "07:03:00", "1-1-20", "1-1-500") with
            {
                HistorySince = began,
            },
        ];
        var plan = Plan([.. s_all, .. later], new RecoveryTarget.Transaction(GtidPosition.Parse("1-1-450"), At("06:40:00")));
        Assert.Equal([s_full, s_first, s_second], plan.Chain.Backups);
        Assert.Equal(At("06:40:00"), plan.Moment);
    }

    [Theory]
    [InlineData(null, "1-1-100,2-2-5")]
    [InlineData("2026-11-24T10:15:00+01:00", null)]
    [InlineData("2026-11-24T10:15:00Z", "1-1-100")]
    public void What_a_person_says_is_understood(string? to, string? gtid)
    {
        var moment = to is null ? default(DateTimeOffset?) : At("10:15:00").AddHours(to.EndsWith('Z') ? 0 : -1);
        Assert.Equal(
            gtid is null ? new RecoveryTarget.Moment(moment!.Value) : new RecoveryTarget.Transaction(GtidPosition.Parse(gtid), moment),
            RecoveryTarget.Parse(to, gtid, from: null)
        );
    }

    [Theory]
    [InlineData("02:00:00", "No full backup is older than 2026-11-24T02:00:00Z: the oldest ended at 2026-11-24T03:01:00Z, GTID 1-1-100.")]
    [InlineData("06:31:00", "2026-11-24T06:31:00Z is later than the last recoverable moment, 2026-11-24T06:30:00Z, GTID 1-1-450.")]
    public void A_moment_that_cannot_be_reached_is_refused_in_words(string at, string refusal) =>
        Assert.Equal(refusal, Refusal(s_all, new RecoveryTarget.Moment(At(at))));

    [Fact]
    public void A_quiet_farm_can_be_recovered_up_to_when_its_log_was_closed()
    {
        var closed = s_logs[2] with { BinaryLog = s_logs[2].BinaryLog! with { CompleteUntil = At("06:35:00") } };
        Assert.Equal(At("06:35:00"), Plan([.. s_all[..^1], closed], new RecoveryTarget.Latest()).Moment);
        Assert.Equal(At("06:31:00"), Plan([.. s_all[..^1], closed], new RecoveryTarget.Moment(At("06:31:00"))).Moment);
    }

    [Fact]
    public void A_missing_log_is_named_with_positions_and_times()
    {
        BackupManifest[] holed = [s_full, s_logs[0], s_logs[2]];
        var gap = "binary logs are missing between GTID 1-1-250 and 1-1-350, 2026-11-24T04:30:00Z to 2026-11-24T05:30:10Z";

        var plan = Plan(holed, new RecoveryTarget.Latest());
        Assert.Equal((At("04:30:00"), gap), (plan.Moment, plan.Gap!.ToString()));
        Assert.Equal(
            $"2026-11-24T05:00:00Z cannot be recovered: {gap}. The last recoverable moment before it is "
                + "2026-11-24T04:30:00Z, GTID 1-1-250.",
            Refusal(holed, new RecoveryTarget.Moment(At("05:00:00")))
        );
        Assert.Contains(
            "cannot be recovered",
            Refusal(holed, new RecoveryTarget.Transaction(GtidPosition.Parse("1-1-400"))),
            StringComparison.Ordinal
        );
        Assert.Single(Plan(holed, new RecoveryTarget.Moment(At("04:29:00"))).Logs);
    }

    [Fact]
    public void A_backup_after_a_hole_makes_it_harmless()
    {
        BackupManifest[] holed = [s_full, s_logs[0], s_logs[2], Full("05:45:00", "1-1-380")];
        var plan = Plan(holed, new RecoveryTarget.Latest());
        Assert.Null(plan.Gap);
        Assert.Equal(At("06:30:00"), plan.Moment);
    }

    [Fact]
    public void After_a_failover_the_logs_of_the_next_writer_go_on_and_may_overlap()
    {
        var standby = Log("mariadb-p2", "04:20:00", "07:00:00", "1-1-240", "1-1-400,2-2-50");
        var plan = Plan([s_full, s_logs[0], s_logs[1], standby], new RecoveryTarget.Latest());
        Assert.Equal(["mariadb-p1", "mariadb-p2"], plan.Logs.Select(step => step.Log.Server).Distinct());
        Assert.Equal(("1-1-400,2-2-50", At("07:00:00")), (plan.Position.ToString(), plan.Moment));
    }

    [Fact]
    public void A_log_of_one_server_that_is_missing_is_taken_from_another()
    {
        var other = Log("mariadb-r1", "04:20:00", "05:40:00", "1-1-240", "1-1-360");
        var plan = Plan([s_full, s_logs[0], other, s_logs[2]], new RecoveryTarget.Latest());
        Assert.Null(plan.Gap);
        Assert.Equal([s_logs[0], other, s_logs[2]], plan.Logs.Select(step => step.Log));
        Assert.Equal("1-1-360", plan.Logs[2].From.ToString());
    }

    [Fact]
    public void What_a_replica_wrote_for_itself_counts_for_nothing()
    {
        var log = Log("mariadb-r1", "03:10:00", "04:00:00", "1-1-100,11-11-3", "1-1-200,11-11-4");
        Assert.Equal("1-1-200", Plan([s_full, log], new RecoveryTarget.Latest()).Position.ToString());
    }

    [Fact]
    public void An_incremental_that_does_not_join_is_not_used_and_the_reason_is_told()
    {
        (BackupManifest Backup, string Problem)[] broken =
        [
            (s_second with { LsnFrom = 1999 }, $"begins at LSN 1999, but {s_first.Id}, which it continues, ends at 2000"),
            (s_second with { Instance = "other" }, "another instance of the server (other, not mariadb-r1)"),
            (s_second with { Parent = "20261124T000000Z-full-x-000000" }, "continues 20261124T000000Z-full-x-000000, which is missing"),
        ];
        foreach (var (backup, problem) in broken)
        {
            var decision = Decide([s_full, s_first, backup, .. s_logs], new RecoveryTarget.Latest());
            Assert.Equal(s_first, decision.Plan!.Chain.Last);
            Assert.Contains(problem, Assert.Single(decision.Problems), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_the_key_it_is_refused_and_the_key_is_named()
    {
        var other = s_all.Select(backup => backup with { KeyId = "feedfeedfeedfeed" }).ToArray();
        var decision = Decide(other, new RecoveryTarget.Latest());
        Assert.Equal(
            $"the latest moment needs backups that are sealed with the backup key feedfeedfeedfeed. Available keys: {Key}.",
            decision.Refusal
        );
        Assert.Equal(["6 of 6 backups are sealed with the backup key feedfeedfeedfeed, which is not available"], decision.Problems);
    }

    [Fact]
    public void With_the_former_key_alone_the_newer_backups_are_not_silently_left_out()
    {
        BackupManifest[] rotated = [.. s_all, Full("08:00:00", "1-1-900") with { KeyId = "feedfeedfeedfeed" }];
        Assert.Contains("1 of 7", Assert.Single(Decide(rotated, new RecoveryTarget.Latest()).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_full_backup_there_is_nothing_to_recover_from() =>
        Assert.Equal("No full backup exists. Make one: ./farm backup now.", Refusal([.. s_logs], new RecoveryTarget.Latest()));

    [Fact]
    public void A_database_in_which_nothing_happens_can_be_recovered_up_to_the_last_look_at_it()
    {
        var latest = Plan([.. s_all], new RecoveryTarget.Latest());
        var mark = new ArchiveMark(At("20:00:00"), latest.Position, null);

        Assert.Equal(At("20:00:00"), RecoveryDecision.For(s_all, new RecoveryTarget.Latest(), [Key], mark).Plan!.Moment);
        Assert.NotNull(RecoveryDecision.For(s_all, new RecoveryTarget.Moment(At("19:59:59")), [Key], mark).Plan);
        Assert.Null(RecoveryDecision.For(s_all, new RecoveryTarget.Moment(At("20:00:01")), [Key], mark).Plan);
        Assert.Equal(
            latest.Moment,
            RecoveryDecision
                .For(s_all, new RecoveryTarget.Latest(), [Key], mark with { Position = GtidPosition.Parse("1-1-999999") })
                .Plan!.Moment
        );
    }

    [Fact]
    public void What_came_before_a_restoration_does_not_go_on_with_what_came_after()
    {
        var before = s_all.Append(Log("mariadb-r1", "08:10:00", "08:20:00", "1-1-450", "1-1-2000"));
        var restored = At("09:00:00");
        var full = Full("09:01:00", "1-1-50") with { HistorySince = restored };
        var log = Log("mariadb-r1", "09:05:00", "09:06:00", "1-1-50", "1-1-60") with { HistorySince = restored };
        BackupManifest[] all = [.. before, full, log];

        Assert.Equal([log], Plan(all, new RecoveryTarget.Latest()).Logs.Select(step => step.Log));
        Assert.DoesNotContain(log, Plan(all, new RecoveryTarget.Moment(At("08:15:00"))).Logs.Select(step => step.Log));
        Assert.Contains(
            $"the next backup, {full.Id}, is later.",
            Refusal(all, new RecoveryTarget.Moment(At("09:00:30"))),
            StringComparison.Ordinal
        );
    }

    private static RecoveryDecision Decide(BackupManifest[] manifests, RecoveryTarget target) =>
        RecoveryDecision.For(manifests, target, [Key]);

    private static RecoveryPlan Plan(BackupManifest[] manifests, RecoveryTarget target)
    {
        var decision = Decide(manifests, target);
        Assert.Null(decision.Refusal);
        return decision.Plan!;
    }

    private static string Refusal(BackupManifest[] manifests, RecoveryTarget target)
    {
        var decision = Decide(manifests, target);
        Assert.Null(decision.Plan);
        return decision.Refusal!;
    }
}
