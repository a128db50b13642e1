using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;
using WpFarm.Backups.Recovery;
using WpFarm.Deployment.Backups;
using static WpFarm.Tests.Backups.TestBackups;

namespace WpFarm.Tests.Deployment.Backups;

public sealed class RestoreOrdersTests
{
    private static readonly BackupManifest s_full = Full("03:00:00", "1-1-100");
    private static readonly BackupManifest[] s_all =
    [
        s_full,
        Log("mariadb-p1", "03:00:30", "04:30:00", "1-1-90", "1-1-250"),
        Log("mariadb-p1", "04:30:10", "05:30:00", "1-1-250", "1-1-350"),
    ];

    [Theory]
    [InlineData("latest")]
    [InlineData("05:25:00")]
    [InlineData("04:30:05")] // Between two logs; only the later one shows that nothing is missing.
    [InlineData("05:31:00")] // After all logs; only the mark shows that nothing is missing.
    [InlineData("1-1-200")]
    [InlineData("1-1-250")]
    [InlineData("1-1-100")]
    public void Where_only_the_backups_of_a_plan_are_known_it_comes_to_the_same(string said)
    {
        RecoveryTarget target =
            said is "latest" ? new RecoveryTarget.Latest()
            : said.Contains(':', StringComparison.Ordinal) ? new RecoveryTarget.Moment(At(said))
            : new RecoveryTarget.Transaction(GtidPosition.Parse(said));
        var plan = RecoveryDecision.For(s_all, target, [Key], new ArchiveMark(At("05:40:00"), GtidPosition.Parse("1-1-350"), null)).Plan!;

        var began = At("06:00:00");
        BackupManifest[] others =
        [
            Full("06:01:00", "1-1-20") with
            {
                HistorySince = began,
            },
            Log("mariadb-p1", "06:02:00", "06:03:00", "1-1-20", "1-1-900") with
            {
                HistorySince = began,
            },
        ];
        var again = RecoveryDecision
            .For([.. plan.Chain.Backups, .. plan.Logs.Select(step => step.Log), .. others], RestoreOrder.Of(plan).Target(), [Key])
            .Plan!;

        Assert.Equal(plan.Chain.Backups, again.Chain.Backups);
        Assert.Equal(plan.Logs, again.Logs);
        Assert.Equal((plan.Moment, plan.Position), (again.Moment, again.Position));
    }

    [Theory]
    [InlineData("say one of")]
    [InlineData("is not a moment", "to=yesterday")]
    [InlineData("is not a GTID", "gtid=1-2")]
    [InlineData("'9lives: is not a farm name", "latest", "into='9lives")]
    [InlineData("is the farm itself", "latest", "into=dev")]
    [InlineData("with --into is of one site", "from=x")]
    [InlineData("there is nothing to give up", "giveUp")]
    [InlineData("has the uploads anyway", "latest", "uploads")]
    public void What_makes_no_sense_of_a_farm_beside_is_said(string problem, params string[] said) =>
        Assert.Contains(Problems(said), found => found.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void It_is_said_all_at_once() => Assert.Equal(4, Problems("latest", "from=x", "giveUp", "uploads").Count);

    [Theory]
    [InlineData("latest")]
    [InlineData("to=2026-11-24T10:15:00Z")]
    [InlineData("gtid=1-1-5")]
    public void A_farm_beside_takes_a_moment_a_transaction_or_the_latest(string said) => Assert.Empty(Problems(said));

    private static List<string> Problems(params string[] said)
    {
        var words = said.Select(word => word.Split('=', 2)).ToDictionary(word => word[0], word => word[^1]);
        var order = new RestoreOrder
        {
            To = words.GetValueOrDefault("to"),
            Gtid = words.GetValueOrDefault("gtid"),
            From = words.GetValueOrDefault("from"),
            Into = words.GetValueOrDefault("into", "copy"),
            Uploads = words.ContainsKey("uploads"),
        };
        return [.. order.Problems("dev", words.ContainsKey("latest"), words.ContainsKey("giveUp"))];
    }
}
