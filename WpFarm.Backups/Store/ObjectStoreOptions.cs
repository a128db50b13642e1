namespace WpFarm.Backups.Store;

/// <summary>Where backups are stored, and optionally a second bucket for copies.</summary>
public sealed record ObjectStoreOptions
{
    /// <summary>The S3 server, for example <c>http://object-storage:8080</c>.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>3 to 63 lower-case letters, digits, dots and dashes.</summary>
    public string Bucket { get; init; } = "";

    public string AccessKey { get; init; } = "";

    /// <summary>The file that holds the secret key.</summary>
    public string SecretKeyFile { get; init; } = "";

    /// <summary>Region for request signatures. Servers without regions accept the default.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>The bucket for copies, on another site.</summary>
    public ObjectStoreOptions? OffSite { get; init; }

    /// <param name="key">Configuration key of these options, for example <c>backups.store</c>.</param>
    /// <returns>Every problem, with its key and the fix. Empty if the options are valid.</returns>
    public IEnumerable<string> Problems(string key)
    {
        if (Endpoint is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            yield return $"{key}.endpoint: must be the address of an S3 server, for example http://object-storage:8080"
                + $"{(Endpoint is null ? "" : $", not '{Endpoint}'")}.";
        if (
            Bucket.Length is < 3 or > 63
            || !Bucket.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
            || !char.IsAsciiLetterOrDigit(Bucket[0])
        )
            yield return $"{key}.bucket: '{Bucket}' is not the name of a bucket: 3 to 63 lower-case letters, digits, dots and dashes.";
        if (AccessKey.Length == 0)
            yield return $"{key}.accessKey: is missing. Set the S3 access key.";
        if (!Path.IsPathRooted(SecretKeyFile))
            yield return $"{key}.secretKeyFile: must be the absolute path of the file with the secret key, "
                + $"for example /run/secrets/object-storage-key{(SecretKeyFile.Length == 0 ? "" : $", not '{SecretKeyFile}'")}.";
        if (Region.Length == 0)
            yield return $"{key}.region: is empty. Remove the key to use us-east-1.";
        if (OffSite is null)
            yield break;
        foreach (var problem in OffSite.Problems($"{key}.offSite"))
            yield return problem;
        if (OffSite.OffSite is not null)
            yield return $"{key}.offSite.offSite: a copy cannot have a copy of its own. Remove this key.";
        if (OffSite.Endpoint == Endpoint && OffSite.Bucket == Bucket)
            yield return $"{key}.offSite: is the same bucket as {key}. Choose another bucket for the copies.";
    }
}
