using WpFarm.Deployment.Images;

namespace WpFarm.Deployment.Sbom;

/// <summary>The packages in dpkg's database.</summary>
internal static class DebianPackageList
{
    /// <summary>The release of <see cref="ImageSources.DebianBase"/>, in which vulnerabilities are looked up.</summary>
    private const string Release = "debian-13";

    /// <summary>The maintainer of packages that an image of the farm makes itself.</summary>
    private const string OwnMaintainer = "WpFarm ";

    /// <summary>
    /// Reads <c>/var/lib/dpkg/status</c>: paragraphs of <c>Field: value</c>, deb822(5). Leaves out packages that are removed and left only
    /// their configuration.
    /// </summary>
    public static IReadOnlyList<ImagePackage> Parse(string status) =>
        [
            .. status
                .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(Fields)
                .Where(fields => fields.GetValueOrDefault("Status")?.EndsWith(" installed", StringComparison.Ordinal) is true)
                .Select(Package)
                .OrderBy(package => package.PackageUrl, StringComparer.Ordinal),
        ];

    private static ImagePackage Package(Dictionary<string, string> fields)
    {
        var (name, version, architecture) = (fields["Package"], fields["Version"], fields["Architecture"]);
        var address = $"{Escape(name)}@{Escape(version)}?arch={architecture}";
        return fields.GetValueOrDefault("Maintainer", "").StartsWith(OwnMaintainer, StringComparison.Ordinal)
            ? new(name, version, $"pkg:deb/wpfarm/{address}")
            : new(name, version, $"pkg:deb/debian/{address}&distro={Release}");
    }

    private static Dictionary<string, string> Fields(string paragraph) =>
        paragraph
            .Split('\n')
            .Where(line => line.Length > 0 && !char.IsWhiteSpace(line[0]))
            .Select(line => line.Split(": ", 2))
            .Where(field => field.Length == 2)
            .ToDictionary(field => field[0], field => field[1].Trim());

    /// <summary>A package URL keeps the colon of an epoch.</summary>
    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%3A", ":", StringComparison.Ordinal);
}
