using System.Text.RegularExpressions;

namespace WpFarm.Deployment.Audit;

/// <summary>A newer version of a package than an image has.</summary>
/// <param name="From">The image's version. Null: the update needs a package that the image does not have.</param>
/// <param name="IsSecurity">
/// True: it is in Debian's security archive, or in a point release, which takes over what the security archive had before, and mends grave
/// errors. False: it is in stable-updates alone.
/// </param>
public sealed partial record PackageUpdate(string Name, string? From, string To, bool IsSecurity)
{
    /// <summary>
    /// Reads what <c>apt-get --simulate dist-upgrade</c> prints:
    /// <c>Inst libssl3t64 [3.5.1-1] (3.5.4-1~deb13u1 Debian-Security:13/stable-security [amd64])</c>.
    /// </summary>
    public static IReadOnlyList<PackageUpdate> Parse(string simulation) =>
        [
            .. Line()
                .Matches(simulation)
                .Select(line => new PackageUpdate(
                    line.Groups["name"].Value,
                    line.Groups["from"] is { Success: true, Value: var from } ? from : null,
                    line.Groups["to"].Value,
                    SecurityOrigin().IsMatch(line.Groups["origins"].Value)
                )),
        ];

    [GeneratedRegex(@"^Inst (?<name>\S+)( \[(?<from>[^\]]+)\])? \((?<to>\S+)(?<origins>[^)]*)\)", RegexOptions.Multiline)]
    private static partial Regex Line();

    /// <summary>Label, version and suite, as the archive's Release file names them.</summary>
    [GeneratedRegex(@" (Debian-Security:\S+|Debian:[^/\s]+/stable)(,| |$)")]
    private static partial Regex SecurityOrigin();
}
