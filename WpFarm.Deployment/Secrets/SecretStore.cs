using System.Security.Cryptography;
using System.Text;
using WpFarm.Topology;

namespace WpFarm.Deployment.Secrets;

/// <summary>
/// A farm's generated secrets: one file each, made once, never changed here. The folder is 0700, so only its owner
/// (and the engine) reaches the files; the files are 0444, because containers of other users read them through their mounts.
/// </summary>
public sealed class SecretStore(string folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string Folder => folder;

    public string PathOf(string secret) => Path.Combine(folder, secret);

    public string Read(string secret) => File.ReadAllText(PathOf(secret));

    /// <summary>Makes those of <paramref name="secrets"/> that are not there: 256 random bits in hexadecimal.</summary>
    /// <returns>The names of the new ones.</returns>
    public IReadOnlyList<string> Generate(IReadOnlyList<Secret> secrets)
    {
        Directory.CreateDirectory(folder, OwnerOnly);
        File.SetUnixFileMode(folder, OwnerOnly);
        var missing = secrets.Where(s => !File.Exists(PathOf(s.Name))).Select(s => s.Name).ToList();
        foreach (var name in missing)
            AtomicFile.Write(PathOf(name), RandomNumberGenerator.GetHexString(64, lowercase: true), ReadOnly);
        return missing;
    }

    /// <summary>
    /// Tells one farm's secrets from another's without giving any away: volumes carry it as a label, so that data is never
    /// opened with secrets that do not fit. Null when there are no secrets yet.
    /// </summary>
    public string? Fingerprint()
    {
        if (!File.Exists(PathOf(Secret.SitesKey)))
            return null;
        var key = Encoding.UTF8.GetBytes(Read(Secret.SitesKey));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, "fingerprint"u8))[..16];
    }

    /// <summary>First password of a site's administrator; WordPress asks for it at the first login, and it may be changed there.</summary>
    public string AdminPassword(string siteId)
    {
        var key = Encoding.UTF8.GetBytes(Read(Secret.AdminKey));
        var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"admin-password:{siteId}"));
        return Convert.ToBase64String(hash).Replace('+', '-').Replace('/', '_')[..24];
    }
}
