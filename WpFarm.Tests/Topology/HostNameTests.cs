using WpFarm.Topology;

namespace WpFarm.Tests.Topology;

public sealed class HostNameTests
{
    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("EXAMPLE.com.", "example.com")]
    [InlineData("müller.de", "xn--mller-kva.de")]
    [InlineData("MÜLLER.DE.", "xn--mller-kva.de")]
    [InlineData("XN--MLLER-KVA.de", "xn--mller-kva.de")]
    [InlineData("straße.de", "xn--strae-oqa.de")]
    [InlineData("пример.рф", "xn--e1afmkfd.xn--p1ai")]
    [InlineData("例え.jp", "xn--r8jz45g.jp")]
    [InlineData("उदाहरण.भारत", "xn--p1b6ci4b4b3a.xn--h2brj9c")]
    [InlineData("localhost", "localhost")]
    public void The_farm_uses_the_ASCII_form(string written, string host)
    {
        Assert.True(HostName.TryParse(written, out var parsed));
        Assert.Equal(host, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("example.com..")]
    [InlineData("-a.de")]
    [InlineData("a_b.de")]
    [InlineData("a b.de")]
    [InlineData("http://example.com")]
    [InlineData("example.com:80")]
    [InlineData("*.example.com")]
    [InlineData("example.com\n")]
    [InlineData("☃.net")]
    [InlineData("xn--zzzzzz.de")]
    [InlineData("mu\u0308ller.de")]
    public void What_is_no_host_name_is_refused(string written)
    {
        Assert.False(HostName.TryParse(written, out _));
    }

    [Fact]
    public void A_label_has_at_most_63_characters_in_ASCII()
    {
        Assert.True(HostName.TryParse(new string('a', 63), out _));
        Assert.False(HostName.TryParse(new string('ü', 63), out _));
    }

    [Theory]
    [InlineData("xn--mller-kva.de", "müller.de")]
    [InlineData("example.com", "example.com")]
    [InlineData("*.example.com", "*.example.com")]
    [InlineData("xn--zzzzzz.de", "xn--zzzzzz.de")]
    public void People_see_Unicode(string host, string readable)
    {
        Assert.Equal(readable, HostName.Readable(host));
    }
}
