using System.Text.Json;

namespace WpFarm.Deployment.Sbom;

/// <summary>The NuGet packages of a .NET program.</summary>
internal static class NuGetPackageList
{
    /// <summary>Reads <c>PROGRAM.deps.json</c>: <c>libraries</c> by <c>NAME/VERSION</c>, of which projects are no packages.</summary>
    public static IReadOnlyList<ImagePackage> Parse(string dependencies)
    {
        using var document = JsonDocument.Parse(dependencies);
        return
        [
            .. document
                .RootElement.GetProperty("libraries")
                .EnumerateObject()
                .Where(library => library.Value.GetProperty("type").GetString() is "package" or "runtimepack")
                .Select(library => library.Name.Split('/'))
                .Select(name => (Name: WithoutPrefix(name[0]), Version: name[1]))
                .Select(package => new ImagePackage(
                    package.Name,
                    package.Version,
                    $"pkg:nuget/{Uri.EscapeDataString(package.Name)}@{Uri.EscapeDataString(package.Version)}"
                ))
                .OrderBy(package => package.PackageUrl, StringComparer.Ordinal),
        ];
    }

    /// <summary>The runtime of a self-contained program is listed as <c>runtimepack.NAME</c>.</summary>
    private static string WithoutPrefix(string name) =>
        name.StartsWith("runtimepack.", StringComparison.Ordinal) ? name["runtimepack.".Length..] : name;
}
