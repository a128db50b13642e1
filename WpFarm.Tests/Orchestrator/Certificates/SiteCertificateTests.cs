using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WpFarm.Orchestrator.Certificates;

namespace WpFarm.Tests.Orchestrator.Certificates;

public sealed class SiteCertificateTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string s_authority = LocalAuthority.Create("WpFarm test", s_now);

    [Fact]
    public void A_local_certificate_is_for_its_host_alone_and_for_90_days()
    {
        var certificate = SiteCertificate.Read(LocalAuthority.Issue(s_authority, "shop.example.com", s_now));

        Assert.Equal(["shop.example.com"], certificate.Hosts);
        Assert.Equal("WpFarm test", certificate.Issuer);
        Assert.Equal(s_now.AddDays(90), certificate.NotAfter);
        Assert.True(certificate.IsValidAt(s_now));
        Assert.False(certificate.IsValidAt(s_now.AddDays(90)));
    }

    [Fact]
    public void A_client_that_trusts_the_authority_accepts_its_certificate()
    {
        using var root = X509Certificate2.CreateFromPem(LocalAuthority.CertificateOf(s_authority));
        using var leaf = X509Certificate2.CreateFromPem(LocalAuthority.Issue(s_authority, "shop.example.com", s_now));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = s_now.UtcDateTime;
        chain.ChainPolicy.CustomTrustStore.Add(root);

        Assert.True(chain.Build(leaf), string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation)));
        Assert.True(leaf.MatchesHostname("shop.example.com"));
    }

    [Fact]
    public void The_authoritys_certificate_is_shown_without_its_key() =>
        Assert.DoesNotContain("PRIVATE", LocalAuthority.CertificateOf(s_authority), StringComparison.Ordinal);

    [Theory]
    [InlineData("shop.example.com", true)]
    [InlineData("www.shop.example.com", false)]
    [InlineData("example.com", false)]
    [InlineData("shop.example.org", false)]
    public void A_wildcard_stands_for_one_label(string host, bool isCovered) =>
        Assert.Equal(isCovered, SiteCertificate.Read(Pem("*.example.com")).Covers(host));

    [Fact]
    public void A_key_of_another_certificate_is_refused()
    {
        var (one, other) = (Pem("a.example.com"), Pem("b.example.com"));
        var mixed =
            one[..one.IndexOf("-----BEGIN PRIVATE", StringComparison.Ordinal)]
            + other[other.IndexOf("-----BEGIN PRIVATE", StringComparison.Ordinal)..];

        Assert.StartsWith("The key does not belong", Refusal(mixed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "There is no certificate in PEM")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "A certificate cannot be read")]
    public void What_is_no_certificate_is_refused(string pem, string message) =>
        Assert.StartsWith(message, Refusal(pem), StringComparison.Ordinal);

    [Fact]
    public void A_key_with_a_password_is_refused_with_what_removes_it()
    {
        using var key = RSA.Create(2048);
        var pem =
            LocalAuthority.CertificateOf(s_authority)
            + key.ExportEncryptedPkcs8PrivateKeyPem(
                "secret",
                new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)
            );

        Assert.Contains("openssl pkey", Refusal(pem), StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_RSA_key_is_refused()
    {
        using var key = RSA.Create(1024);
        Assert.Contains("1024 bits", Refusal(Pem("a.example.com", key)), StringComparison.Ordinal);
    }

    private static string Refusal(string pem) => Assert.Throws<InvalidCertificateException>(() => SiteCertificate.Read(pem)).Message;

    private static string Pem(string host, RSA? given = null)
    {
        using var key = given ?? RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(s_now, s_now.AddDays(30));
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }
}
