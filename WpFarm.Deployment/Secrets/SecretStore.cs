using System.Security.Cryptography;
using System.Text;
using WpFarm.Deployment.Machine;
using WpFarm.Topology;

namespace WpFarm.Deployment.Secrets;

/// <summary>
/// A farm's secrets: one file each, generated once and changed only by a <see cref="RotatingSecret"/>, or issued by somebody else and set
/// by the operator. The folder's mode is 0700, so that only its owner (and the engine) reaches the files. The files' mode is 0444, because
/// containers read them through mounts as other users.
/// </summary>
public sealed class SecretStore(string folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    internal const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string Folder => folder;

    /// <summary>Holds the <see cref="Fingerprint"/> from before the key that it is derived from was rotated.</summary>
    private string KeptFingerprint => Path.Combine(folder, ".fingerprint");

    public string PathOf(string secret) => Path.Combine(folder, secret);

    /// <summary>The value to use: the first line. During a rotation a second line holds another value that is accepted too.</summary>
    public string Read(string secret) => File.ReadLines(PathOf(secret)).First();

    /// <summary>The secrets that exist.</summary>
    public IReadOnlyList<StoredSecret> Present =>
        [
            .. Secret
                .All.Concat(
                    Directory
                        .EnumerateFiles(folder, $"{Secret.AlertPrefix}*")
                        .Order(StringComparer.Ordinal)
                        .Select(path => Secret.OfReceiver(Path.GetFileName(path)[Secret.AlertPrefix.Length..]))
                )
                .Where(secret => File.Exists(PathOf(secret.Name)))
                .Select(secret => new StoredSecret(secret, File.GetLastWriteTime(PathOf(secret.Name)), Rotating(secret.Name).IsUnderWay)),
        ];

    internal RotatingSecret Rotating(string secret) => new(PathOf(secret));

    /// <summary>
    /// Generates those of <paramref name="secrets"/> that do not exist and that nobody issues: 256 random bits in hexadecimal.
    /// </summary>
    /// <returns>The names of the new secrets.</returns>
    public IReadOnlyList<string> Generate(IReadOnlyList<Secret> secrets) =>
        Add(secrets.Where(secret => !secret.IsIssued).Select(secret => secret.Name), _ => NewValue());

    /// <summary>A problem for each secret that the farm needs, that somebody else issues, and that the operator has not set.</summary>
    public IEnumerable<string> Unset(Farm farm, string instance) =>
        farm
            .Secrets.Where(secret => secret.IsIssued && !File.Exists(PathOf(secret.Name)))
            .Select(secret =>
                $"secret {secret.Name}: is not set. {secret.Purpose}. Set it: ./farm secrets set {secret.Name} --name {instance}"
            );

    /// <summary>Sets a secret that somebody else issued. Programs that read it for each use take the new value at once.</summary>
    public void Set(string name, string value)
    {
        if (!File.Exists(PathOf(name)))
            Add([name], _ => value);
        else
            WriteInPlace(PathOf(name), value);
    }

    /// <summary>Writes those of another machine's secrets that do not exist here.</summary>
    /// <param name="files">Contents by file name.</param>
    internal void Restore(IReadOnlyDictionary<string, string> files) => Add(files.Keys, name => files[name]);

    /// <summary>
    /// Identifies the farm's secrets without disclosing any. Volumes carry it as a label, so that data is never opened with secrets that do
    /// not belong to it. A label cannot be changed, so the fingerprint stays the same when secrets are rotated. Null when there are no
    /// secrets yet.
    /// </summary>
    public string? Fingerprint()
    {
        if (File.Exists(KeptFingerprint))
            return File.ReadAllText(KeptFingerprint);
        if (!File.Exists(PathOf(Secret.SitesKey)))
            return null;
        var key = Encoding.UTF8.GetBytes(Read(Secret.SitesKey));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, "fingerprint"u8))[..16];
    }

    /// <summary>Stores the present fingerprint, so that it stays the same after a rotation.</summary>
    internal void KeepFingerprint()
    {
        if (!File.Exists(KeptFingerprint) && Fingerprint() is { } fingerprint)
            AtomicFile.Write(KeptFingerprint, fingerprint);
    }

    /// <summary>The first password of a site's administrator. A person can change it in WordPress.</summary>
    public string AdminPassword(string siteId)
    {
        var key = Encoding.UTF8.GetBytes(Read(Secret.AdminKey));
        var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"admin-password:{siteId}"));
        return Convert.ToBase64String(hash).Replace('+', '-').Replace('/', '_')[..24];
    }

    /// <summary>Adds missing files. Leaves existing files alone, because running containers have them mounted.</summary>
    /// <returns>The names of the new files.</returns>
    private List<string> Add(IEnumerable<string> names, Func<string, string> content)
    {
        Directory.CreateDirectory(folder, OwnerOnly);
        File.SetUnixFileMode(folder, OwnerOnly);
        var missing = names.Where(name => !File.Exists(PathOf(name))).ToList();
        foreach (var name in missing)
            AtomicFile.Write(PathOf(name), content(name), ReadOnly);
        return missing;
    }

    /// <summary>Writes with a single call, so that a concurrent reader finds a complete first line, the old or the new one.</summary>
    internal static void WriteInPlace(string path, string content)
    {
        File.SetUnixFileMode(path, ReadOnly | UnixFileMode.UserWrite);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            var bytes = Encoding.UTF8.GetBytes(content);
            file.Write(bytes);
            file.SetLength(bytes.Length);
            file.Flush(flushToDisk: true);
        }

        File.SetUnixFileMode(path, ReadOnly);
    }

    internal static string NewValue() => RandomNumberGenerator.GetHexString(64, lowercase: true);
}

/// <summary>A secret that exists, without its value.</summary>
/// <param name="Made">When it got its present value.</param>
/// <param name="IsUnderWay">True when a rotation of it has begun and has not finished.</param>
public sealed record StoredSecret(Secret Secret, DateTimeOffset Made, bool IsUnderWay);
