using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology.FarmFile;

public sealed class MailRulesTests
{
    [Fact]
    public void A_relay_and_a_sites_domains_are_valid() =>
        Assert.Empty(
            Problems(
                """
                {"mail": {"relay": {"host": "smtp.example.com", "port": 465, "user": "farm"}},
                 "sites": {"shop": {"hosts": ["shop.example.com"], "mail": {"domains": ["example.com"], "capture": true}}}}
                """
            )
        );

    [Fact]
    public void All_problems_are_said_at_once_each_with_its_key() =>
        Assert.Equal(
            ["mail.relay.host", "mail.relay.tls", "sites.shop.mail.domains"],
            Problems(
                    """
                    {"mail": {"relay": {"host": "not a host", "user": "farm", "tls": false}},
                     "sites": {"shop": {"mail": {"domains": ["info@example.com", "example.com"]}}}}
                    """
                )
                .Select(problem => problem.Path)
                .Order(StringComparer.Ordinal)
        );

    private static IReadOnlyList<FarmFileProblem> Problems(string json) =>
        FarmFileReader.Read(json, new Dictionary<string, string>()).Problems;
}
