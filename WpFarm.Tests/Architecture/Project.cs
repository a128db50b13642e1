using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using WpFarm.Deployment.Instance;

namespace WpFarm.Tests.Architecture;

/// <summary>A project of the solution that is part of the product.</summary>
internal sealed record Project(string Name, XDocument File)
{
    public static string Root { get; } = RepositoryRoot.Find();

    public static IReadOnlyList<Project> All { get; } =
    [
        .. Directory
            .EnumerateFiles(Root, "WpFarm.*.csproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .Where(path => Path.GetFileNameWithoutExtension(path) != "WpFarm.Tests")
            .Order(StringComparer.Ordinal)
            .Select(path => new Project(Path.GetFileNameWithoutExtension(path), XDocument.Load(path))),
    ];

    /// <summary>Projects whose types it can use. A reference that only orders the build does not count.</summary>
    public IReadOnlyList<string> References =>
        [
            .. File.Descendants("ProjectReference")
                .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
                .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!)),
        ];

    public Assembly Assembly => Assembly.Load(File.Descendants("AssemblyName").SingleOrDefault()?.Value ?? Name);

    /// <summary>What people wrote: no closures, no generated code.</summary>
    public IEnumerable<Type> Types => TypesOf(Assembly);

    public static IEnumerable<Type> TypesOf(Assembly assembly) =>
        assembly
            .GetTypes()
            .Where(type => type.Namespace?.StartsWith("WpFarm.", StringComparison.Ordinal) is true)
            .Where(type => !type.Name.Contains('<') && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false));
}
