namespace WpFarm.Contracts.Api;

/// <summary>A host of the farm's sites, and its certificate.</summary>
/// <param name="Site">Its key in farm.json.</param>
/// <param name="Source">Who brought the certificate. Null without one, as the next two.</param>
/// <param name="Served">True if every edge serves it. Null without one.</param>
/// <param name="Problem">Why the last attempt to get one failed. Null when it did not.</param>
public sealed record CertificateStatus(
    string Host,
    string Site,
    CertificateCondition Condition,
    CertificateSource? Source,
    string? Issuer,
    DateTimeOffset? NotAfter,
    bool? Served,
    string? Problem
);

public enum CertificateCondition
{
    Missing,
    Valid,

    /// <summary>Expired, or not valid yet.</summary>
    Expired,
}

public enum CertificateSource
{
    /// <summary>An authority issued it to the farm: the farm's own, or one that speaks ACME.</summary>
    Issued,

    /// <summary>The operator added it. It goes before an issued one.</summary>
    Operator,
}

/// <summary>A certificate that was added.</summary>
/// <param name="Hosts">The hosts of the farm's sites that use it from now on.</param>
public sealed record AddedCertificate(IReadOnlyList<string> Hosts, string Issuer, DateTimeOffset NotAfter);

/// <summary>The certificate of the farm's own authority.</summary>
/// <param name="Pem">Without its key.</param>
public sealed record LocalAuthorityCertificate(string Pem);
