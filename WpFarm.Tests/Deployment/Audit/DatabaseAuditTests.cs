using WpFarm.Deployment.Audit;
using WpFarm.Tests.Deployment.NetworkDatabases;

namespace WpFarm.Tests.Deployment.Audit;

public sealed class DatabaseAuditTests
{
    [Theory]
    [InlineData(90, AuditVerdict.Good)]
    [InlineData(91, AuditVerdict.Advice)]
    public void A_database_should_be_replaced_after_ninety_days(int days, AuditVerdict verdict)
    {
        using var folder = new FarmWithDatabases();
        var options = folder.Read("""{"edge": {"countryDatabase": "countries.mmdb"}}""");

        var finding = Assert.Single(DatabaseAudit.Judge(options.DatabasesBuilt(), FarmWithDatabases.Built.AddDays(days)));

        Assert.Equal((AuditArea.Settings, verdict, "edge.countryDatabase"), (finding.Area, finding.Verdict, finding.Subject));
        Assert.StartsWith("is of 2026-01-01", finding.Detail, StringComparison.Ordinal);
    }
}
