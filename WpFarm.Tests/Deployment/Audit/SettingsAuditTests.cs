using WpFarm.Deployment.Audit;
using WpFarm.Tests.Topology.FarmFile;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Deployment.Audit;

public sealed class SettingsAuditTests
{
    private const string Sound = """
        {
          "domain": "farm.example.org",
          "edge": { "tls": "files" },
          "observability": { "alerts": { "receivers": { "hook": { "type": "webhook", "address": "https://example.org/" } } } },
          "backups": { "offSite": { "endpoint": "https://s3.example.org", "bucket": "farm", "accessKey": "key" } }
        }
        """;

    /// <summary>Each weak key, in a farm for the internet.</summary>
    [Theory]
    [InlineData("edge.tls", AuditVerdict.Mend, """{"domain":"farm.example.org"}""")]
    [InlineData("edge.tls", AuditVerdict.Mend, """{"domain":"farm.example.org","edge":{"tls":"local"}}""")]
    [InlineData("edge.tls", AuditVerdict.Mend, """{"sites":{"shop":{"hosts":["shop.example.org"]}}}""")]
    [InlineData(
        "edge.acme.directory",
        AuditVerdict.Mend,
        """
            {"domain":"farm.example.org","edge":{"httpPort":80,"tls":"letsencrypt","email":"a@example.org",
            "acme":{"directory":"https://acme-staging-v02.api.letsencrypt.org/directory"}}}
            """
    )]
    [InlineData("edge.requestsPerSecond", AuditVerdict.Mend, """{"domain":"farm.example.org","edge":{"requestsPerSecond":0}}""")]
    [InlineData("backups.enabled", AuditVerdict.Mend, """{"domain":"farm.example.org","backups":{"enabled":false}}""")]
    [InlineData("backups.offSite", AuditVerdict.Advice, "{}")]
    [InlineData("backups.drill.enabled", AuditVerdict.Advice, """{"backups":{"drill":{"enabled":false}}}""")]
    [InlineData(
        "backups.store.endpoint",
        AuditVerdict.Advice,
        """{"backups":{"store":{"endpoint":"http://s3.example.org","bucket":"farm","accessKey":"key"}}}"""
    )]
    [InlineData(
        "backups.offSite.endpoint",
        AuditVerdict.Advice,
        """{"backups":{"offSite":{"endpoint":"http://s3.example.org","bucket":"farm","accessKey":"key"}}}"""
    )]
    [InlineData("observability.enabled", AuditVerdict.Advice, """{"observability":{"enabled":false}}""")]
    [InlineData("observability.alerts.receivers", AuditVerdict.Advice, "{}")]
    [InlineData(
        "observability.alerts.smtp.tls",
        AuditVerdict.Advice,
        """{"observability":{"alerts":{"smtp":{"host":"mail.example.org","from":"a@example.org","tls":false}}}}"""
    )]
    [InlineData("mail.relay.tls", AuditVerdict.Advice, """{"mail":{"relay":{"host":"mail.example.org","tls":false}}}""")]
    [InlineData(
        "swarm.nodes",
        AuditVerdict.Advice,
        """{"swarm":{"nodes":2},"storage":{"uploads":"path","uploadsPath":"/mnt"},"registry":"r.example.org"}"""
    )]
    [InlineData(
        "swarm.encryptNetworks",
        AuditVerdict.Advice,
        """{"swarm":{"nodes":3,"encryptNetworks":false},"storage":{"uploads":"path","uploadsPath":"/mnt"},"registry":"r.example.org"}"""
    )]
    public void Judge_AWeakKey_IsFoundByItsName(string key, AuditVerdict verdict, string farmFile)
    {
        var finding = Assert.Single(SettingsAudit.Judge(Options(farmFile)), finding => finding.Subject == key);

        Assert.Equal(verdict, finding.Verdict);
        Assert.NotNull(finding.ToDo);
    }

    /// <summary>A trial on somebody's own machine is not reachable under a name.</summary>
    [Theory]
    [InlineData("""{"edge":{"requestsPerSecond":0},"backups":{"enabled":false}}""")]
    [InlineData("""{"domain":"farm.internal","edge":{"requestsPerSecond":0},"backups":{"enabled":false}}""")]
    public void Judge_AFarmWithoutAPublicName_NeedsNoMending(string farmFile)
    {
        var findings = SettingsAudit.Judge(Options(farmFile));

        Assert.All(findings, finding => Assert.Equal(AuditVerdict.Advice, finding.Verdict));
        Assert.Contains(findings, finding => finding.Subject == "edge.requestsPerSecond");
    }

    [Fact]
    public void Judge_AFarmFileWithoutAWeakKey_IsGood() =>
        Assert.Equal(AuditVerdict.Good, Assert.Single(SettingsAudit.Judge(Options(Sound))).Verdict);

    private static FarmOptions Options(string farmFile) => ChangedKey.Valid(farmFile);
}
