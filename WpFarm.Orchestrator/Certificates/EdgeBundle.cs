using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;

namespace WpFarm.Orchestrator.Certificates;

/// <summary>What an edge gets: a tar archive with a file <c>HOST.pem</c> for each host that has a certificate.</summary>
internal sealed record EdgeBundle(byte[] Archive)
{
    /// <summary>Changes with the content only: an edge that has this one gets nothing.</summary>
    public string Tag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Archive))[..32]}\"";

    /// <param name="chosen">The certificate of each host.</param>
    public static EdgeBundle Of(IEnumerable<KeyValuePair<string, SiteCertificate>> chosen)
    {
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
            foreach (var (host, certificate) in chosen.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                tar.WriteEntry(
                    new UstarTarEntry(TarEntryType.RegularFile, $"{host}.pem")
                    {
                        Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                        ModificationTime = DateTimeOffset.UnixEpoch,
                        DataStream = new MemoryStream(Encoding.UTF8.GetBytes(certificate.Pem)),
                    }
                );
        return new(archive.ToArray());
    }
}
