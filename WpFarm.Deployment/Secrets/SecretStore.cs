using System.Security.Cryptography;
using System.Text;
using WpFarm.Deployment.Machine;
using WpFarm.Topology;

namespace WpFarm.Deployment.Secrets;

/// <summary>
/// A farm's generated secrets: one file each, made once, changed only by a <see cref="RotatingSecret"/>. The folder is 0700, so only its
/// owner (and the engine) reaches the files; the files are 0444, because containers of other users read them through their mounts.
/// </summary>
public sealed class SecretStore(string folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    internal const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string Folder => folder;

    /// <summary>What <see cref="Fingerprint"/> was before the key that it is made from was changed.</summary>
    private string KeptFingerprint => Path.Combine(folder, ".fingerprint");

    public string PathOf(string secret) => Path.Combine(folder, secret);

    /// <summary>The value to use: the first line. While it is changed there is another, which is accepted as well.</summary>
    public string Read(string secret) => File.ReadLines(PathOf(secret)).First();

    /// <summary>Those that are there.</summary>
    public IReadOnlyList<StoredSecret> Present =>
        [
            .. Secret
                .All.Where(secret => File.Exists(PathOf(secret.Name)))
                .Select(secret => new StoredSecret(secret, File.GetLastWriteTime(PathOf(secret.Name)), Rotating(secret.Name).IsUnderWay)),
        ];

    internal RotatingSecret Rotating(string secret) => new(PathOf(secret));

    /// <summary>Makes those of <paramref name="secrets"/> that are not there: 256 random bits in hexadecimal.</summary>
    /// <returns>The names of the new ones.</returns>
    public IReadOnlyList<string> Generate(IReadOnlyList<Secret> secrets) => Add(secrets.Select(secret => secret.Name), _ => NewValue());

    /// <summary>Puts those of another machine's files here that are not there.</summary>
    /// <param name="files">By their names.</param>
    internal void Restore(IReadOnlyDictionary<string, string> files) => Add(files.Keys, name => files[name]);

    /// <summary>
    /// Tells one farm's secrets from another's without giving any away: volumes carry it as a label, so that data is never
    /// opened with secrets that do not fit. A label cannot be changed, so this stays when the secrets change. Null when there are no
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

    /// <summary>From now on it does not follow the secrets any more.</summary>
    internal void KeepFingerprint()
    {
        if (!File.Exists(KeptFingerprint) && Fingerprint() is { } fingerprint)
            AtomicFile.Write(KeptFingerprint, fingerprint);
    }

    /// <summary>First password of a site's administrator; WordPress asks for it at the first login, and it may be changed there.</summary>
    public string AdminPassword(string siteId)
    {
        var key = Encoding.UTF8.GetBytes(Read(Secret.AdminKey));
        var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"admin-password:{siteId}"));
        return Convert.ToBase64String(hash).Replace('+', '-').Replace('/', '_')[..24];
    }

    /// <summary>Files that are there stay the same files: containers that run have them mounted.</summary>
    /// <returns>The names of the new ones.</returns>
    private List<string> Add(IEnumerable<string> names, Func<string, string> content)
    {
        Directory.CreateDirectory(folder, OwnerOnly);
        File.SetUnixFileMode(folder, OwnerOnly);
        var missing = names.Where(name => !File.Exists(PathOf(name))).ToList();
        foreach (var name in missing)
            AtomicFile.Write(PathOf(name), content(name), ReadOnly);
        return missing;
    }

    internal static string NewValue() => RandomNumberGenerator.GetHexString(64, lowercase: true);
}

/// <param name="Made">When it got its value.</param>
/// <param name="IsUnderWay">A rotation of it was begun, and did not come to its end.</param>
public sealed record StoredSecret(Secret Secret, DateTimeOffset Made, bool IsUnderWay);
