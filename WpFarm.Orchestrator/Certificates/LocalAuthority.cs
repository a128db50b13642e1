using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WpFarm.Orchestrator.Certificates;

/// <summary>
/// The farm's own authority. Browsers accept its certificates once a person has added the authority's to the system
/// (<c>./farm trust</c>).
/// </summary>
internal static class LocalAuthority
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(3650);

    /// <summary>Less than the 398 days beyond which Apple's systems refuse a certificate.</summary>
    private static readonly TimeSpan s_hostLifetime = TimeSpan.FromDays(90);

    /// <summary>A certificate is valid from an hour ago, for clocks that are behind.</summary>
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromHours(1);

    /// <returns>The authority's certificate and key, in PEM.</returns>
    public static string Create(string name, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={name}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.CreateSelfSigned(now - s_clockSkew, now + s_lifetime);
        return Pem(certificate, key);
    }

    /// <param name="authority">What <see cref="Create"/> returned.</param>
    /// <returns>The host's certificate and key, in PEM.</returns>
    public static string Issue(string authority, string host, DateTimeOffset now)
    {
        using var issuer = X509Certificate2.CreateFromPem(authority, authority);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // A common name has at most 64 characters (RFC 5280, A.1); browsers look at the alternative name only.
        var request = new CertificateRequest(
            new X500DistinguishedName($"CN={(host.Length <= 64 ? host : "WpFarm site")}"),
            key,
            HashAlgorithmName.SHA256
        );
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        var (from, until) = (now - s_clockSkew, Min(now + s_hostLifetime, issuer.NotAfter.ToUniversalTime()));
        using var certificate = request.Create(issuer, from, until, RandomNumberGenerator.GetBytes(16));
        return Pem(certificate, key);
    }

    /// <summary>The authority's certificate alone, in PEM.</summary>
    public static string CertificateOf(string authority)
    {
        using var certificate = X509Certificate2.CreateFromPem(authority);
        return certificate.ExportCertificatePem() + "\n";
    }

    private static DateTimeOffset Min(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static string Pem(X509Certificate2 certificate, ECDsa key) =>
        certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
}
