using WpFarm.Orchestrator.Certificates;

namespace WpFarm.Tests.Orchestrator.Certificates;

public sealed class CertificateSealTests
{
    private readonly CertificateSeal _seal = new("the key of this farm");

    [Fact]
    public void What_is_sealed_opens_with_the_same_key_and_name_only()
    {
        var box = _seal.Seal("issued/a.example.com", "the key");

        Assert.Equal("the key", _seal.Open("issued/a.example.com", box));
        Assert.Null(_seal.Open("issued/b.example.com", box));
        Assert.Null(new CertificateSeal("another farm's key").Open("issued/a.example.com", box));
        Assert.DoesNotContain("the key", box, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not Base64!")]
    [InlineData("AAAA")]
    public void What_was_never_sealed_does_not_open(string box) => Assert.Null(_seal.Open("authority", box));

    [Fact]
    public void A_changed_byte_is_noticed()
    {
        var box = Convert.FromBase64String(_seal.Seal("authority", "text"));
        box[^1] ^= 1;

        Assert.Null(_seal.Open("authority", Convert.ToBase64String(box)));
    }
}
