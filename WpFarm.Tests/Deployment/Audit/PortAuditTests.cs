using System.Net;
using WpFarm.Deployment.Audit;
using WpFarm.Tests.Topology;

namespace WpFarm.Tests.Deployment.Audit;

public sealed class PortAuditTests
{
    private static readonly HashSet<int> s_published = [8080, 8090, 3000];
    private static readonly Listener[] s_asMeant = [new(IPAddress.Any, 8080), new(IPAddress.Loopback, 8090), new(IPAddress.Loopback, 3000)];

    [Fact]
    public void Judge_PortsAsTheModelPublishesThem_AreGood()
    {
        var findings = PortAudit.Judge(TestFarms.OneBox, s_published, s_asMeant).ToList();

        Assert.Equal(["port 3000", "port 8080", "port 8090"], findings.Select(finding => finding.Subject).Order());
        Assert.All(findings, finding => Assert.Equal(AuditVerdict.Good, finding.Verdict));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("192.0.2.1")]
    [InlineData("::")]
    public void Judge_AdministrationThatOthersCanReach_MustBeMended(string address)
    {
        var findings = PortAudit.Judge(TestFarms.OneBox, s_published, [.. s_asMeant, new(IPAddress.Parse(address), 8090)]);

        Assert.Equal("port 8090", Assert.Single(findings, finding => finding.Verdict is AuditVerdict.Mend).Subject);
    }

    /// <summary>Another program has the port while the farm does not run.</summary>
    [Fact]
    public void Judge_APortThatTheFarmDoesNotPublish_IsNoneOfItsBusiness() =>
        Assert.Empty(PortAudit.Judge(TestFarms.OneBox, new HashSet<int>(), [new(IPAddress.Any, 3000)]));

    [Fact]
    public void Judge_AnEngineThatListensWithoutTls_MustBeMended() =>
        Assert.Equal(
            AuditVerdict.Mend,
            Assert.Single(PortAudit.Judge(TestFarms.OneBox, new HashSet<int>(), [new(IPAddress.IPv6Any, 2375)])).Verdict
        );

    [Fact]
    public void Parse_WhatTheKernelPrints_HasTheListenersOnly()
    {
        string[] lines =
        [
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "   0: 0100007F:1F9A 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0",
            "   1: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0",
            "   2: 0100007F:1F9A 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 20 4 30 10 -1",
        ];
        string[] six =
        [
            "  sl  local_address                         remote_address                        st",
            "   0: 00000000000000000000000001000000:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000",
            "   1: 0000000000000000FFFF00000100007F:0BB9 00000000000000000000000000000000:0000 0A 00000000:00000000",
        ];

        Assert.Equal(["127.0.0.1:8090", "0.0.0.0:8080"], Listener.Parse(lines).Select(listener => listener.ToString()));
        Assert.Equal(["[::1]:3000", "[::ffff:127.0.0.1]:3001"], Listener.Parse(six).Select(listener => listener.ToString()));
        Assert.All(Listener.Parse(six), listener => Assert.True(listener.IsLocal));
    }
}
