using System.Formats.Tar;
using System.IO.Compression;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Secrets;

namespace WpFarm.Deployment.Backups;

/// <summary>
/// Archives what is needed to bring a farm up on empty machines: farm.json and the secrets. Also, to document what ran: the manifest with
/// the image tags, and the rendered files. A compressed tar archive; the same farm gives the same bytes.
/// </summary>
public static class ConfigurationArchive
{
    private const string FarmFile = "farm.json";
    private const string SecretsFolder = "secrets/";

    /// <exception cref="InvalidInputException">The farm has no secrets: it was never started here.</exception>
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

    /// <summary>The Compose file of a farm on one engine, or the stacks of a farm on a swarm.</summary>
    private static IEnumerable<(string Name, string Path)> Manifests(FarmInstance instance) =>
        Directory.Exists(instance.StacksFolder)
            ? Directory
                .EnumerateFiles(instance.StacksFolder, "*.yaml")
                .Select(path => (Name: $"swarm/{Path.GetFileName(path)}", Path: path))
            : [("compose.yaml", instance.ComposeFile)];

    /// <exception cref="InvalidDataException">The archive lacks farm.json or the secrets.</exception>
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
            : throw new InvalidDataException("The stored configuration has no farm.json or no secrets.");
    }

    private static string Text(TarEntry entry) => entry.DataStream is { } content ? new StreamReader(content).ReadToEnd() : "";
}

/// <param name="FarmFile">The text of farm.json.</param>
/// <param name="Secrets">Content of each secret's file, by name.</param>
public sealed record FarmConfiguration(string FarmFile, IReadOnlyDictionary<string, string> Secrets);
