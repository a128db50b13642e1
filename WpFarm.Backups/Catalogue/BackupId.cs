using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace WpFarm.Backups.Catalogue;

/// <summary>
/// Ids of backups, such as <c>20261124T101500Z-full-mariadb-r1-3fa85f</c>. They are unique, sort by time, and contain the kind and the
/// source. The objects of a backup are in a folder of its day.
/// </summary>
public static partial class BackupId
{
    internal const string Root = "backups/";

    private const string DataEnd = ".sealed";
    private const string ManifestEnd = ".json";

    /// <param name="of">The server or site. Null for kinds that have only one source.</param>
    public static string New(BackupKind kind, string? of, DateTimeOffset started) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{started.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{kind.IdWord}{(of is null ? "" : "-" + of)}"
                + $"-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}"
        );

    public static bool IsValid(string id) => Shape().IsMatch(id);

    /// <summary>The object with the sealed data.</summary>
    public static string DataOf(string id) => Folder(id) + id + DataEnd;

    /// <summary>The object with the manifest.</summary>
    public static string ManifestOf(string id) => Folder(id) + id + ManifestEnd;

    /// <returns>Null if the name is not that of a backup's object.</returns>
    internal static (string Id, bool IsManifest)? FromObject(string name)
    {
        var isManifest = name.EndsWith(ManifestEnd, StringComparison.Ordinal);
        var id = Path.GetFileNameWithoutExtension(name);
        return IsValid(id) && name == (isManifest ? ManifestOf(id) : DataOf(id)) ? (id, isManifest) : null;
    }

    private static string Folder(string id) => $"{Root}{id[..4]}-{id[4..6]}-{id[6..8]}/";

    [GeneratedRegex("^[0-9]{8}T[0-9]{6}Z-[a-z0-9.-]{1,100}-[0-9a-f]{6}$")]
    private static partial Regex Shape();
}
