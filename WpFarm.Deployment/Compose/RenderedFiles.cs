using System.Security.Cryptography;
using System.Text;
using WpFarm.Deployment.Machine;
using WpFarm.Topology;

namespace WpFarm.Deployment.Compose;

/// <summary>
/// The configuration files of a farm, each under a name that contains a hash of its content. A changed file gets another name, so that
/// exactly the services that mount it are re-created, and a running container never sees a partial change.
/// </summary>
public static class RenderedFiles
{
    /// <summary>Name in the manifest's <c>configs</c>: <c>haproxy-cfg-1a2b3c4d</c>.</summary>
    public static string ConfigName(MountedFile file) => $"{Path.GetFileName(file.Path).Replace('.', '-')}-{Hash(file)}";

    /// <summary>Path below the manifest's folder: <c>files/haproxy.1a2b3c4d.cfg</c>, so that editors still know the type.</summary>
    public static string RelativePath(MountedFile file) =>
        $"files/{Path.GetFileNameWithoutExtension(file.Path)}.{Hash(file)}{Path.GetExtension(file.Path)}";

    /// <summary>Writes the files that do not exist.</summary>
    /// <remarks><see cref="Prune"/> deletes old files later, when no container mounts them any more.</remarks>
    public static void Write(Farm farm, string folder)
    {
        foreach (var file in farm.Services.SelectMany(s => s.Files).DistinctBy(RelativePath))
        {
            var path = Path.Combine(folder, RelativePath(file));
            if (!File.Exists(path))
                AtomicFile.Write(path, file.Content);
        }
    }

    public static void Prune(Farm farm, string folder)
    {
        var wanted = farm.Services.SelectMany(s => s.Files).Select(f => Path.Combine(folder, RelativePath(f))).ToHashSet();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(folder, "files")).Where(path => !wanted.Contains(path)))
            File.Delete(path);
    }

    private static string Hash(MountedFile file) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Path + "\n" + file.Content)))[..8];
}
