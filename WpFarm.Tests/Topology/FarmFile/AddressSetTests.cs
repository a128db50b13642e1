using System.Net;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology.FarmFile;

public sealed class AddressSetTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("192.0.2.7/32", "192.0.2.7/32")]
    [InlineData("192.0.2.128/25 192.0.2.0/25", "192.0.2.0/24")]
    [InlineData("192.0.2.0/24 192.0.2.64/26", "192.0.2.0/24")]
    [InlineData("192.0.2.1/32 192.0.2.2/31 192.0.2.4/32", "192.0.2.1/32 192.0.2.2/31 192.0.2.4/32")]
    [InlineData("0.0.0.0/1 128.0.0.0/1", "0.0.0.0/0")]
    [InlineData("255.255.255.255/32 255.255.255.254/32", "255.255.255.254/31")]
    [InlineData("::/1 8000::/1", "::/0")]
    [InlineData("2001:db8:1::/48 2001:db8::/48 192.0.2.0/24", "192.0.2.0/24 2001:db8::/47")]
    [InlineData("::c000:200/120 192.0.2.0/24", "192.0.2.0/24 ::192.0.2.0/120")]
    public void Networks_are_the_fewest_with_the_same_addresses(string given, string fewest) =>
        Assert.Equal(fewest, string.Join(' ', Of(given).Networks()));

    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.0/25 192.0.2.128/25", true)]
    [InlineData("192.0.2.0/24", "192.0.2.0/25", false)]
    [InlineData("192.0.2.1/32 192.0.2.9/32 2001:db8::/64", "192.0.2.0/24 2001:db8::/32", true)]
    [InlineData("192.0.2.1/32 198.51.100.1/32", "192.0.2.0/24 203.0.113.0/24", false)]
    [InlineData("2001:db8::/64", "0.0.0.0/0", false)]
    [InlineData("192.0.2.0/24", "", false)]
    public void A_set_is_within_another_that_has_all_its_addresses(string some, string others, bool within) =>
        Assert.Equal(within, Of(some).IsWithin(Of(others)));

    [Theory]
    [InlineData("192.0.2.0/24", "198.51.100.0/24 192.0.2.255/32", true)]
    [InlineData("192.0.2.0/24", "192.0.3.0/24 192.0.1.0/24", false)]
    [InlineData("2001:db8::/32", "192.0.2.0/24 2001:db8:7::/48", true)]
    [InlineData("::c000:200/120", "192.0.2.0/24", false)]
    public void Sets_overlap_when_they_share_an_address(string some, string others, bool overlap)
    {
        Assert.Equal(overlap, Of(some).Overlaps(Of(others)));
        Assert.Equal(overlap, Of(others).Overlaps(Of(some)));
    }

    private static AddressSet Of(string networks) =>
        new(networks.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(network => IPNetwork.Parse(network)));
}
