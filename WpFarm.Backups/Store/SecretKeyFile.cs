using Amazon.Runtime;

namespace WpFarm.Backups.Store;

/// <summary>Reads the secret key from its file for each request, so that it can be rotated while the process runs.</summary>
internal sealed class SecretKeyFile(string accessKey, string path) : AWSCredentials
{
    /// <exception cref="IOException">The file cannot be read.</exception>
    public override ImmutableCredentials GetCredentials() => new(accessKey, File.ReadLines(path).FirstOrDefault("").Trim(), null);
}
