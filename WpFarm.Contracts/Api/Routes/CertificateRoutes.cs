namespace WpFarm.Contracts.Api.Routes;

/// <summary>The certificates with which the edges end TLS.</summary>
public static class CertificateRoutes
{
    public static ApiRoute<NoParameters, IReadOnlyList<CertificateStatus>> List { get; } =
        new(HttpMethod.Get, "/api/certificates", "Each host of the sites and its certificate. Empty when the farm ends no TLS.");

    public static ApiRoute<byte[], AddedCertificate> Add { get; } =
        new(
            HttpMethod.Post,
            "/api/certificates",
            "Adds a certificate with its chain and its key, in PEM. It is used for every host that it is for, within seconds."
        );

    public static ApiRoute<RemovedCertificate, Done> Remove { get; } =
        new(HttpMethod.Delete, "/api/certificates/{host}", "Removes a certificate that was added.");

    public static ApiRoute<NoParameters, LocalAuthorityCertificate> Authority { get; } =
        new(HttpMethod.Get, "/api/certificates/authority", "The certificate of the farm's own authority, for people to trust.");
}

/// <param name="Host">A host that the certificate is for; a wildcard as it is in the certificate.</param>
public sealed record RemovedCertificate(string Host);
