using WpFarm.Deployment.Audit;

namespace WpFarm.Tests.Deployment.Audit;

public sealed class PackageAuditTests
{
    /// <summary>What apt printed for an image whose database was set back.</summary>
    private const string Simulation = """
        Reading package lists...
        The following packages will be upgraded:
          libssl3t64 openssl tzdata
        3 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.
        Inst libssl3t64 [3.5.1-1] (3.5.9-1~deb13u1 Debian:13.8/stable [amd64])
        Conf libssl3t64 (3.5.9-1~deb13u1 Debian:13.8/stable [amd64])
        Inst tzdata [2025a-1] (2026f-0+deb13u1 Debian:13-updates/stable-updates [all])
        Inst nginx [1.26.3-3] (1.26.3-3+deb13u11 Debian-Security:13/stable-security [amd64]) []
        Inst linux-libc (6.12.1-1 Debian-Security:13/stable-security, Debian:13.8/stable [all])

        """;

    [Fact]
    public void Parse_WhatAptPrints_HasEachUpdateWithItsOrigin() =>
        Assert.Equal(
            [
                new("libssl3t64", "3.5.1-1", "3.5.9-1~deb13u1", IsSecurity: true),
                new("tzdata", "2025a-1", "2026f-0+deb13u1", IsSecurity: false),
                new("nginx", "1.26.3-3", "1.26.3-3+deb13u11", IsSecurity: true),
                new("linux-libc", null, "6.12.1-1", IsSecurity: true),
            ],
            PackageUpdate.Parse(Simulation)
        );

    [Fact]
    public void Judge_SecurityUpdates_MustBeMendedByARefresh()
    {
        var finding = PackageAudit.Judge("wpfarm/mail:1", PackageUpdate.Parse(Simulation));

        Assert.Equal(AuditVerdict.Mend, finding.Verdict);
        Assert.StartsWith("lacks 3 updates for security: libssl3t64 3.5.1-1 → 3.5.9-1~deb13u1, ", finding.Detail, StringComparison.Ordinal);
        Assert.Equal(PackageAudit.Refresh, finding.ToDo);
    }

    [Fact]
    public void Judge_OtherUpdates_IsAdvice() =>
        Assert.Equal(AuditVerdict.Advice, PackageAudit.Judge("wpfarm/mail:1", [new("tzdata", "1", "2", IsSecurity: false)]).Verdict);

    [Fact]
    public void Judge_MoreUpdatesThanALineHolds_NamesFiveAndCountsTheOthers()
    {
        var updates = Enumerable.Range(1, 7).Select(number => new PackageUpdate($"p{number}", "1", "2", IsSecurity: true)).ToList();

        var detail = PackageAudit.Judge("wpfarm/mail:1", updates).Detail;

        Assert.Contains("p5 1 → 2, and 2 more", detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_NoUpdates_IsGood() =>
        Assert.Equal(
            AuditVerdict.Good,
            PackageAudit.Judge("wpfarm/mail:1", PackageUpdate.Parse("0 upgraded, 0 newly installed.\n")).Verdict
        );
}
