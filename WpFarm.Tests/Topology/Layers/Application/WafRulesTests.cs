using WpFarm.Tests.Topology.FarmFile;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Application;

namespace WpFarm.Tests.Topology.Layers.Application;

public sealed class WafRulesTests
{
    [Fact]
    public void A_site_is_let_through_or_only_watched_by_its_own_key_and_otherwise_by_its_tiers()
    {
        var rules = Rules(
            """
            {"tiers": {"bronze": {"waf": "detect"}},
             "sites": {"one": {}, "two": {"waf": "off", "hosts": ["two.example.com", "www.two.example.com"]}, "three": {"waf": "block"}}}
            """
        );

        Assert.Contains(
            """
            SecRule REQUEST_HEADERS:Host "@rx ^(?:two\.example\.com|www\.two\.example\.com)(?::[0-9]+)?$" \
                "id:1100,phase:1,t:none,t:lowercase,pass,nolog,ctl:ruleEngine=Off"
            """,
            rules,
            StringComparison.Ordinal
        );
        Assert.Contains("(?:one\\.farm\\.localhost)", rules, StringComparison.Ordinal);
        Assert.Contains("\"id:1101,phase:1,t:none,t:lowercase,pass,nolog,ctl:ruleEngine=DetectionOnly\"", rules, StringComparison.Ordinal);
        Assert.DoesNotContain("three", rules, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_is_for_its_site_only()
    {
        var rules = Rules("""{"sites": {"one": {"wafExcept": ["942100", "941110"]}, "two": {}}}""");

        Assert.Contains("(?:one\\.farm\\.localhost)", rules, StringComparison.Ordinal);
        Assert.Contains("ctl:ruleRemoveById=942100,ctl:ruleRemoveById=941110", rules, StringComparison.Ordinal);
        Assert.DoesNotContain("two", rules, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pool_whose_sites_are_all_without_has_no_rules_and_no_module()
    {
        var pool = Farm.Build(Options("""{"sites": {"one": {"waf": "off"}}}""")).Find(Pool.Name("bronze"))!;

        Assert.DoesNotContain(pool.Files, file => file.Path == "/etc/farm/waf.conf");
        Assert.DoesNotContain(pool.Files, file => file.Content.Contains("modsecurity", StringComparison.Ordinal));
    }

    private static string Rules(string farmFile) =>
        Farm.Build(Options(farmFile)).Find(Pool.Name("bronze"))!.Files.Single(file => file.Path == "/etc/farm/waf.conf").Content;

    private static FarmOptions Options(string farmFile) => ChangedKey.Valid(farmFile);
}
