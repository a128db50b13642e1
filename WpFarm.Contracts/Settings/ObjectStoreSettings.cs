namespace WpFarm.Contracts.Settings;

/// <summary>Where backups are stored, and optionally a second bucket for copies.</summary>
public sealed record ObjectStoreSettings
{
    /// <summary>The S3 server: <c>http://object-storage:8080</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>3 to 63 lower-case letters, digits, dots and dashes.</summary>
    public required string Bucket { get; init; }

    public required string AccessKey { get; init; }

    /// <summary>Part of every signature; servers that know no regions take <c>us-east-1</c>.</summary>
    public required string Region { get; init; }

    /// <summary>The absolute path of the file that holds the secret key.</summary>
    public required string SecretKeyFile { get; init; }

    /// <summary>A store elsewhere, to which all backups are copied. Null: there is none.</summary>
    public ObjectStoreSettings? OffSite { get; init; }
}
