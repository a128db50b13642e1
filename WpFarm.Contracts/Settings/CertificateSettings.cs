using System.ComponentModel.DataAnnotations;

namespace WpFarm.Contracts.Settings;

/// <summary>
/// Section <c>Certificates</c>: where the sites' certificates come from. With neither <see cref="Local"/> nor <see cref="Acme"/>, only from
/// the operator.
/// </summary>
public sealed record CertificateSettings
{
    /// <summary>The path of the file with the key that seals the certificates in the database, and that the edges send.</summary>
    public required string KeyFile { get; init; }

    /// <summary>True: an authority of the farm's own issues them.</summary>
    public bool Local { get; init; }

    /// <summary>The authority that issues them. Null: none is asked.</summary>
    public AcmeSettings? Acme { get; init; }

    /// <summary>
    /// Where the edge ends TLS: <c>https://haproxy:8443</c>. The certificates that it serves at all addresses of the name are looked at.
    /// </summary>
    public required Uri Edge { get; init; }

    /// <summary>Interval between two looks at what is missing, due or not yet served. 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>Section <c>Certificates:Acme</c>: an authority that issues certificates by the ACME protocol.</summary>
public sealed record AcmeSettings
{
    public required Uri Directory { get; init; }

    /// <summary>Mail address of the account.</summary>
    public required string Email { get; init; }

    /// <summary>Certificates, in PEM, by which the directory's own is verified. Null: the system's.</summary>
    public string? Roots { get; init; }
}
