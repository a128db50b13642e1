using WpFarm.Deployment.Audit;
using WpFarm.Deployment.Secrets;
using WpFarm.Topology;

namespace WpFarm.Tests.Deployment.Audit;

public sealed class SecretAuditTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(Secret.Redis, "./farm secrets rotate redis-password")]
    [InlineData(Secret.SmtpPassword, "ask its owner for another value: ./farm secrets set smtp-password")]
    public void Judge_ASecretOlderThanAYear_SaysHowItGetsAnotherValue(string name, string toDo)
    {
        var finding = Assert.Single(Judge(name, days: 366));

        Assert.Equal((AuditVerdict.Advice, name, toDo), (finding.Verdict, finding.Subject, finding.ToDo));
        Assert.Equal("has had its value since 2025-11-29", finding.Detail);
    }

    [Theory]
    [InlineData(Secret.Redis, 364)]
    [InlineData(Secret.BackupKey, 4000)]
    public void Judge_AYoungSecretOrOneThatNeverChanges_IsGood(string name, int days) =>
        Assert.Equal(AuditVerdict.Good, Assert.Single(Judge(name, days)).Verdict);

    private static IReadOnlyList<AuditFinding> Judge(string name, int days) =>
        SecretAudit.Judge([new StoredSecret(Secret.All.Single(s => s.Name == name), s_now.AddDays(-days), IsUnderWay: false)], s_now);
}
