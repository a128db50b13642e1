using System.Formats.Tar;
using System.IO.Compression;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Secrets;

namespace WpFarm.Deployment.Backups;

/// <summary>
/// What it takes to bring a farm up on empty machines: farm.json and the secrets. Beside them, for whoever wants to see what ran: the
/// manifest with the tags of the images, and the rendered files. A tar archive; the same farm makes the same bytes.
/// </summary>
public static class ConfigurationArchive
{
    private const string FarmFile = "farm.json";
    private const string SecretsFolder = "secrets/";

    /// <exception cref="InvalidInputException">There is no such farm.json, or the farm has no secrets.</exception>
    public static byte[] Pack(FarmInstance instance, string farmFile)
    {
        var secrets = instance.SecretsWith(Topology.Secret.BackupKey).Folder;
        var files = Directory
            .EnumerateFiles(secrets)
            .Where(path => !path.EndsWith(".tmp", StringComparison.Ordinal))
            .Select(path => (Name: SecretsFolder + Path.GetFileName(path), Path: path))
            .Concat(
                Directory.Exists(instance.FilesFolder)
                    ? Directory.EnumerateFiles(instance.FilesFolder).Select(path => (Name: $"files/{Path.GetFileName(path)}", Path: path))
                    : []
            )
            .Concat(Manifests(instance))
            .Append((Name: FarmFile, Path: farmFile))
            .Where(file => File.Exists(file.Path))
            .OrderBy(file => file.Name, StringComparer.Ordinal);
        using var archive = new MemoryStream();
        using (var compressed = new GZipStream(archive, CompressionLevel.Optimal, leaveOpen: true))
        using (var tar = new TarWriter(compressed, TarEntryFormat.Ustar, leaveOpen: true))
            foreach (var (name, path) in files)
                tar.WriteEntry(
                    new UstarTarEntry(TarEntryType.RegularFile, name)
                    {
                        Mode = SecretStore.ReadOnly,
                        ModificationTime = DateTimeOffset.UnixEpoch,
                        DataStream = new MemoryStream(File.ReadAllBytes(path)),
                    }
                );
        return archive.ToArray();
    }

    /// <summary>Of a farm on one engine, or of the stacks of one on a swarm.</summary>
    private static IEnumerable<(string Name, string Path)> Manifests(FarmInstance instance) =>
        Directory.Exists(instance.StacksFolder)
            ? Directory
                .EnumerateFiles(instance.StacksFolder, "*.yaml")
                .Select(path => (Name: $"swarm/{Path.GetFileName(path)}", Path: path))
            : [("compose.yaml", instance.ComposeFile)];

    /// <exception cref="InvalidDataException">It is no such archive.</exception>
    public static FarmConfiguration Unpack(Stream archive)
    {
        var (farmFile, secrets) = (default(string), new SortedDictionary<string, string>(StringComparer.Ordinal));
        using var tar = new TarReader(new GZipStream(archive, CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
            if (entry.Name == FarmFile)
                farmFile = Text(entry);
            else if (
                entry.Name.StartsWith(SecretsFolder, StringComparison.Ordinal)
                && entry.Name[SecretsFolder.Length..] is var name
                && name == Path.GetFileName(name)
            )
                secrets.Add(name, Text(entry));
        return farmFile is not null && secrets.Count > 0
            ? new(farmFile, secrets)
            : throw new InvalidDataException("The configuration that is stored has no farm.json, or no secrets.");
    }

    private static string Text(TarEntry entry) => entry.DataStream is { } content ? new StreamReader(content).ReadToEnd() : "";
}

/// <param name="FarmFile">The text of farm.json.</param>
/// <param name="Secrets">The content of each file in the folder of the secrets.</param>
public sealed record FarmConfiguration(string FarmFile, IReadOnlyDictionary<string, string> Secrets);
