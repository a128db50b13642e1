using System.Security.Cryptography;
using System.Text;
using WpFarm.Deployment.Machine;
using WpFarm.Topology;

namespace WpFarm.Deployment.Images;

/// <summary>
/// The sources of the first-party images, and their tags. A tag is a hash of everything that goes into the image, so that an unchanged
/// image is never built twice and a changed one never keeps its tag.
/// </summary>
public sealed class ImageSources(string root)
{
    public const string Base = "base";
    public const string DebianBase = "debian:trixie-slim";

    /// <summary>
    /// The moment of Debian's archive that the images were last asked to have. It goes into the base, and so into every tag: another moment
    /// is another tag, on every machine that has the same repository.
    /// </summary>
    public const string PackagesFile = "images/base/packages-as-of";

    /// <summary>The folder of the Orchestrator's image.</summary>
    public static string Orchestrator => Topology.Layers.Management.Orchestrator.Image.Folder;

    /// <summary>Sources of the .NET program in the Orchestrator's image; its tag depends on them too.</summary>
    private static readonly string[] s_orchestratorSources =
    [
        "WpFarm.Orchestrator",
        "WpFarm.Backups",
        "WpFarm.Contracts",
        "WpFarm.Scaling",
        "WpFarm.ServiceDefaults",
        "WpFarm.Topology",
        "Directory.Build.props",
        "Directory.Packages.props",
        "global.json",
    ];

    private readonly Dictionary<string, string> _tags = [];

    public string FolderOf(string image) => Path.Combine(root, "images", image);

    public bool Exists(string image) => File.Exists(Path.Combine(FolderOf(image), "Dockerfile"));

    /// <summary>
    /// The tag of an image: the first 12 hexadecimal digits of SHA-256 over the base's tag and the names, modes and contents of its
    /// sources.
    /// </summary>
    public string TagOf(string image)
    {
        if (_tags.TryGetValue(image, out var known))
            return known;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(image == Base ? DebianBase : TagOf(Base)));
        IEnumerable<string> sources = [Path.Combine("images", image), .. image == Orchestrator ? s_orchestratorSources : []];
        foreach (var file in sources.SelectMany(FilesOf).Order(StringComparer.Ordinal))
            Append(hash, file);
        return _tags[image] = Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    /// <summary>Makes the next build install all updates of <paramref name="now"/>. Builds nothing.</summary>
    /// <returns>What was written: the moment in UTC, to the minute.</returns>
    public string Refresh(DateTimeOffset now)
    {
        var moment = $"{now.UtcDateTime:yyyy-MM-ddTHH:mmZ}";
        AtomicFile.Write(Path.Combine(root, PackagesFile), $"{moment}\n");
        _tags.Clear();
        return moment;
    }

    /// <summary>Tags of the first-party images of a farm, and of their base.</summary>
    public ImageTags TagsOf(Farm farm) =>
        TagsOf(farm.Services.Select(service => service.Image).OfType<Image.FirstParty>().Select(image => image.Folder));

    public ImageTags TagsOf(IEnumerable<string> folders) => new(folders.Append(Base).Distinct().ToDictionary(folder => folder, TagOf));

    private IEnumerable<string> FilesOf(string source)
    {
        var path = Path.Combine(root, source);
        return File.Exists(path)
            ? [path]
            : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(f => !IsBuildOutput(f, path));
    }

    private static bool IsBuildOutput(string file, string folder)
    {
        var parts = Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar);
        return parts.SkipLast(1).Any(part => part is "bin" or "obj" or "__pycache__");
    }

    private void Append(IncrementalHash hash, string file)
    {
        var executable = File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute) ? "x" : "-";
        hash.AppendData(Encoding.UTF8.GetBytes($"\n{Path.GetRelativePath(root, file)} {executable}\n"));
        hash.AppendData(File.ReadAllBytes(file));
    }
}
