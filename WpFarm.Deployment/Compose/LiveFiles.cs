using System.Security.Cryptography;
using System.Text;
using WpFarm.Deployment.Machine;
using WpFarm.Topology;

namespace WpFarm.Deployment.Compose;

/// <summary>
/// Files that a service can reload while it runs (<see cref="Reload"/>). They are in a folder per service that is mounted as a whole, so
/// that the container sees a file that was replaced. The version that the service has loaded is recorded beside them.
/// </summary>
internal static class LiveFiles
{
    private const string Folder = "live";
    private const string LoadedFolder = "live-taken";

    /// <summary>The folder of a service, relative to the manifest's folder.</summary>
    public static string RelativeFolder(Service service) => $"{Folder}/{service.Name}";

    public static IEnumerable<MountedFile> Of(Service service) => service.Reload is { } reload ? service.Files.Where(reload.Covers) : [];

    /// <summary>Files that a container cannot reload.</summary>
    public static IEnumerable<MountedFile> FixedOf(Service service) => service.Files.Except(Of(service));

    /// <summary>
    /// Brings the folders up to date with the farm: replaces changed files atomically, and deletes files that the farm no longer has.
    /// </summary>
    public static void Write(Farm farm, string folder)
    {
        foreach (var service in farm.Services.Where(service => service.Reload is not null))
        {
            var own = Path.Combine(folder, RelativeFolder(service));
            Directory.CreateDirectory(own);
            var wanted = Of(service)
                .ToDictionary(file => Path.Combine(own, Path.GetRelativePath(service.Reload!.Folder, file.Path)), file => file.Content);
            foreach (var (path, content) in wanted)
                if (!File.Exists(path) || File.ReadAllText(path) != content)
                    AtomicFile.Write(path, content);
            foreach (var path in Directory.EnumerateFiles(own, "*", SearchOption.AllDirectories).Where(path => !wanted.ContainsKey(path)))
                File.Delete(path);
        }
    }

    /// <summary>
    /// Names of the files that each service has not loaded in their present version. Omits services that have loaded all.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> NotLoaded(Farm farm, string folder) =>
        farm
            .Services.Where(service => service.Reload is not null)
            .Select(service => KeyValuePair.Create(service.Name, NotLoaded(service, folder)))
            .Where(service => service.Value.Count > 0)
            .ToDictionary();

    /// <summary>Records that all containers of the service have loaded its present files.</summary>
    public static void RecordLoaded(Service service, string folder) =>
        AtomicFile.Write(PathOfRecord(service, folder), string.Concat(Lines(service).Select(line => line + "\n")));

    /// <summary>Includes files that the service no longer has.</summary>
    private static IReadOnlyList<string> NotLoaded(Service service, string folder)
    {
        var path = PathOfRecord(service, folder);
        var loaded = File.Exists(path) ? File.ReadAllLines(path) : [];
        var now = Lines(service).ToList();
        return [.. now.Except(loaded).Concat(loaded.Except(now)).Select(line => Path.GetFileName(line.Split(' ')[^1])).Distinct()];
    }

    private static string PathOfRecord(Service service, string folder) => Path.Combine(folder, LoadedFolder, service.Name);

    /// <summary>Hash and path of each file, in the format of <c>sha256sum</c>.</summary>
    private static IEnumerable<string> Lines(Service service) =>
        Of(service).Select(file => $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Content)))} {file.Path}");
}
