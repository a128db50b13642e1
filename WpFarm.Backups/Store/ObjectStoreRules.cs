using WpFarm.Contracts.Settings;

namespace WpFarm.Backups.Store;

public static class ObjectStoreRules
{
    /// <param name="key">The key that these settings are under, for example <c>backups.store</c>.</param>
    /// <returns>Every problem, with its key and the fix. Empty if the policy is valid.</returns>
    public static IEnumerable<string> Problems(this ObjectStoreSettings store, string key)
    {
        if (store.Endpoint is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            yield return $"{key}.endpoint: must be the address of an S3 server, for example http://object-storage:8080, "
                + $"not '{store.Endpoint}'.";
        if (!IsBucketName(store.Bucket))
            yield return $"{key}.bucket: '{store.Bucket}' is not the name of a bucket: "
                + "3 to 63 lower-case letters, digits, dots and dashes.";
        if (store.AccessKey.Length == 0)
            yield return $"{key}.accessKey: is missing. Set the S3 access key.";
        if (!Path.IsPathRooted(store.SecretKeyFile))
            yield return $"{key}.secretKeyFile: must be the absolute path of the file with the secret key, "
                + $"for example /run/secrets/object-storage-key, not '{store.SecretKeyFile}'.";
        if (store.Region.Length == 0)
            yield return $"{key}.region: is needed, for example us-east-1.";
        if (store.OffSite is not { } offSite)
            yield break;
        foreach (var problem in offSite.Problems($"{key}.offSite"))
            yield return problem;
        if (offSite.OffSite is not null)
            yield return $"{key}.offSite.offSite: a copy cannot have a copy of its own. Remove this key.";
        if (offSite.Endpoint == store.Endpoint && offSite.Bucket == store.Bucket)
            yield return $"{key}.offSite: is the same bucket as {key}. Choose another bucket for the copies.";
    }

    private static bool IsBucketName(string name) =>
        name.Length is >= 3 and <= 63
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
        && char.IsAsciiLetterOrDigit(name[0]);
}
