using WpFarm.Orchestrator.Api;
using WpFarm.Orchestrator.Security;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Orchestrator.Security;

public sealed class BannedRangeTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7/32", "203.0.113.7", "203.0.113.7", true)]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.0/24", "203.0.113.0/24", "203.0.113.0/24", false)]
    [InlineData("203.0.113.7/24", "203.0.113.0/24", "203.0.113.0/24", false)]
    [InlineData("2a02:1:2:3:4:5:6:7", "2a02:1:2:3::", "2a02:1:2:3::/64", true)]
    [InlineData("2a02:1:2:3::/64", "2a02:1:2:3::", "2a02:1:2:3::/64", true)]
    [InlineData("2a02:1:2:3::8/128", "2a02:1:2:3::", "2a02:1:2:3::/64", true)]
    [InlineData("2a02:1::/48", "2a02:1::/48", "2a02:1::/48", false)]
    public void An_address_or_a_range_is_named_as_CrowdSec_names_it(string text, string value, string shown, bool isAddress)
    {
        var range = BannedRange.Parse(text);

        Assert.Equal((value, shown, isAddress), (range.Value, $"{range}", range.IsAddress));
    }

    [Theory]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData("203.0.113.0/33")]
    [InlineData("203.0.113.300")]
    public void Another_text_is_refused(string text)
    {
        var e = Assert.Throws<InvalidRequestException>(() => BannedRange.Parse(text));

        Assert.Contains("is no address and no range", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.1.2.3", "is private")]
    [InlineData("::1", "is private")]
    [InlineData("fe80::1", "is private")]
    [InlineData("0.0.0.0/0", "is private")]
    [InlineData("173.245.48.9", "a proxy in front of the farm")]
    [InlineData("198.51.100.9", "a proxy in front of the farm")]
    [InlineData("198.51.0.0/16", "a proxy in front of the farm")]
    [InlineData("8.0.0.0/9", "is too large")]
    [InlineData("2a02::/16", "is too large")]
    public void No_decision_names_the_farms_own_addresses_or_half_of_the_internet(string text, string why)
    {
        var farm = new FarmOptions { Edge = new() { TrustedProxies = ["198.51.100.9"] } };

        Assert.Contains(why, BannedRange.Parse(text).NeverBlockedIn(farm), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("203.0.113.7")]
    [InlineData("203.0.0.0/16")]
    [InlineData("2a02:1:2:3::7")]
    public void Others_may_be_named(string text) => Assert.Null(BannedRange.Parse(text).NeverBlockedIn(new FarmOptions()));
}
