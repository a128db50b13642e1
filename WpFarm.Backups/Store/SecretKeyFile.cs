using Amazon.Runtime;

namespace WpFarm.Backups.Store;

/// <summary>An access key whose secret key is read for each request: it may be changed while the store is used.</summary>
internal sealed class SecretKeyFile(string accessKey, string path) : AWSCredentials
{
    /// <exception cref="IOException">The file cannot be read.</exception>
    public override ImmutableCredentials GetCredentials() => new(accessKey, File.ReadLines(path).FirstOrDefault("").Trim(), null);
}
