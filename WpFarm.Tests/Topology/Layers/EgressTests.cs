using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology.Layers;

public sealed class EgressTests
{
    [Fact]
    public void Private_networks_are_refused_but_those_that_farm_json_names()
    {
        Assert.Contains("http_access deny refused \n", Configuration("{}"), StringComparison.Ordinal);

        var configuration = Configuration("""{"egress": {"private": ["10.0.5.0/24"]}}""");

        Assert.Contains("acl allowed dst 10.0.5.0/24\n", configuration, StringComparison.Ordinal);
        Assert.Contains("http_access deny refused !allowed\n", configuration, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tier_with_an_empty_list_asks_nobody_and_one_with_domains_only_these()
    {
        var configuration = Configuration("""{"tiers": {"bronze": {"egress": []}, "silver": {"egress": ["stripe.com"]}}}""");

        Assert.Contains("acl sites-bronze proxy_auth blog\nhttp_access deny sites-bronze\n", configuration, StringComparison.Ordinal);
        Assert.Contains(
            "acl sites-silver proxy_auth shop\nacl domains-silver dstdomain .stripe.com\nhttp_access deny sites-silver !domains-silver\n",
            configuration,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Only_the_proxy_is_on_the_way_out_and_the_pools_are_not() =>
        Assert.Equal(
            ["egress"],
            TestFarms.OneBox.Services.Where(service => service.IsOn(Network.Internet)).Select(service => service.Name)
        );

    [Fact]
    public void All_problems_are_said_at_once_each_with_its_key() =>
        Assert.Equal(
            ["egress.private", "tiers.bronze.egress", "tiers.bronze.egress"],
            FarmFileReader
                .Read(
                    """{"egress": {"private": ["intranet"]}, "tiers": {"bronze": {"egress": ["*.stripe.com", "https://a.example"]}}}""",
                    new Dictionary<string, string>()
                )
                .Problems.Select(problem => problem.Path)
                .Order(StringComparer.Ordinal)
        );

    private static string Configuration(string farm) =>
        Farm.Build(FarmFileReader.Read(farm, new Dictionary<string, string>()).Options!)
            .Find("egress")!
            .Files.Single(file => file.Path == "/etc/farm-egress/squid.conf")
            .Content;
}
