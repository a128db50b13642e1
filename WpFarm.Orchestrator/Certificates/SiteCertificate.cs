using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WpFarm.Orchestrator.Certificates;

/// <summary>A certificate of one or more hosts, with its chain and its private key.</summary>
internal sealed record SiteCertificate
{
    /// <summary>The smallest RSA key that browsers' root programs accept (CA/Browser Forum, Baseline Requirements 6.1.5).</summary>
    private const int LeastRsaBits = 2048;

    private SiteCertificate(string pem, X509Certificate2 leaf)
    {
        Pem = pem;
        Hosts = HostsOf(leaf);
        NotBefore = leaf.NotBefore.ToUniversalTime();
        NotAfter = leaf.NotAfter.ToUniversalTime();
        Issuer = leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: true);
        Fingerprint = FingerprintOf(leaf);
    }

    /// <summary>The certificate, its chain without the root, and the key: what HAProxy reads.</summary>
    public string Pem { get; }

    /// <summary>Names in lower case. A name may begin with <c>*.</c>.</summary>
    public IReadOnlyList<string> Hosts { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    public string Issuer { get; }

    /// <summary>SHA-256 of the certificate, in hexadecimal digits.</summary>
    public string Fingerprint { get; }

    public static string FingerprintOf(X509Certificate certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    public bool IsValidAt(DateTimeOffset moment) => NotBefore <= moment && moment < NotAfter;

    /// <summary>True if the certificate is for this host. A wildcard stands for exactly one label (RFC 6125, 6.4.3).</summary>
    public bool Covers(string host) =>
        Hosts.Any(name =>
            name == host
            || (
                name.StartsWith("*.", StringComparison.Ordinal)
                && host.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
                && host[dot..] == name[1..]
            )
        );

    /// <param name="pem">Certificate, chain and key, in any order; the first certificate is the host's.</param>
    /// <exception cref="InvalidCertificateException">The text is no such set. The message says why, and what to do.</exception>
    public static SiteCertificate Read(string pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new InvalidCertificateException($"A certificate cannot be read: {e.Message}", e);
        }

        if (certificates.Count == 0)
            throw new InvalidCertificateException("There is no certificate in PEM (-----BEGIN CERTIFICATE-----).");
        using var leaf = certificates[0];
        var key = KeyOf(pem, leaf);
        return new(string.Concat(certificates.Select(certificate => certificate.ExportCertificatePem() + "\n")) + key, leaf);
    }

    /// <returns>The key in PEM (PKCS #8).</returns>
    private static string KeyOf(string pem, X509Certificate2 leaf)
    {
        if (pem.Contains("ENCRYPTED", StringComparison.Ordinal))
            throw new InvalidCertificateException("The key has a password. Remove it first: openssl pkey -in KEY -out PLAIN");
        if (!pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            throw new InvalidCertificateException("There is no private key in PEM (-----BEGIN PRIVATE KEY-----).");
        try
        {
            using AsymmetricAlgorithm key = leaf.GetRSAPublicKey() is not null ? RSA.Create() : ECDsa.Create();
            key.ImportFromPem(pem);
            if (key is RSA { KeySize: < LeastRsaBits })
                throw new InvalidCertificateException($"The RSA key has {key.KeySize} bits, and browsers demand at least {LeastRsaBits}.");
            using var pair = key is RSA rsa ? leaf.CopyWithPrivateKey(rsa) : leaf.CopyWithPrivateKey((ECDsa)key);
            return key.ExportPkcs8PrivateKeyPem() + "\n";
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new InvalidCertificateException(
                "The key does not belong to the first certificate. Give the key that it was issued for.",
                e
            );
        }
    }

    private static List<string> HostsOf(X509Certificate2 leaf) =>
        leaf
            .Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(names => names.EnumerateDnsNames())
            .Select(name => name.ToLowerInvariant())
            .Distinct()
            .ToList();
}

/// <summary>What an operator gave as a certificate cannot be used. The message says why.</summary>
internal sealed class InvalidCertificateException(string message, Exception? cause = null) : Exception(message, cause);
