namespace WpFarm.Backups.Store;

/// <summary>Where backups are, and optionally a second place for copies of them.</summary>
public sealed record ObjectStoreOptions
{
    /// <summary>The S3 server, for example <c>http://object-storage:8080</c>.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>3 to 63 lower-case letters, digits, dots and dashes.</summary>
    public string Bucket { get; init; } = "";

    public string AccessKey { get; init; } = "";

    /// <summary>The file that holds the secret key.</summary>
    public string SecretKeyFile { get; init; } = "";

    /// <summary>Part of every signature; servers that know no regions take this one.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>A store elsewhere.</summary>
    public ObjectStoreOptions? OffSite { get; init; }

    /// <param name="key">The key that these options are under, for example <c>backups.store</c>.</param>
    /// <returns>All that is wrong, each with its key and the fix. Empty: nothing is.</returns>
    public IEnumerable<string> Problems(string key)
    {
        if (Endpoint is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            yield return $"{key}.endpoint: must be the address of an S3 server, for example http://object-storage:8080{(Endpoint is null ? "" : $", not '{Endpoint}'")}.";
        if (
            Bucket.Length is < 3 or > 63
            || !Bucket.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
            || !char.IsAsciiLetterOrDigit(Bucket[0])
        )
            yield return $"{key}.bucket: '{Bucket}' is not the name of a bucket: 3 to 63 lower-case letters, digits, dots and dashes.";
        if (AccessKey.Length == 0)
            yield return $"{key}.accessKey: is needed.";
        if (!Path.IsPathRooted(SecretKeyFile))
            yield return $"{key}.secretKeyFile: must be the absolute path of the file with the secret key, for example /run/secrets/object-storage-key{(SecretKeyFile.Length == 0 ? "" : $", not '{SecretKeyFile}'")}.";
        if (Region.Length == 0)
            yield return $"{key}.region: is needed. Leave it out for us-east-1.";
        if (OffSite is null)
            yield break;
        foreach (var problem in OffSite.Problems($"{key}.offSite"))
            yield return problem;
        if (OffSite.OffSite is not null)
            yield return $"{key}.offSite.offSite: there are two stores at most.";
        if (OffSite.Endpoint == Endpoint && OffSite.Bucket == Bucket)
            yield return $"{key}.offSite: is the same bucket. A copy must be elsewhere.";
    }
}
