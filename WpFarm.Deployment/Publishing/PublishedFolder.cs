using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Publishing;

/// <summary>
/// A folder of published manifests. Stores a list of the written files with their hashes, so that an edit by hand is noticed before it is
/// overwritten. Leaves other files in the folder alone (secrets, <c>.env</c>).
/// </summary>
public sealed class PublishedFolder(string path)
{
    private const string ListName = ".published.json";

    private static readonly JsonSerializerOptions s_format = new() { WriteIndented = true };

    /// <summary>Compares the folder with the wanted files. Empty when the folder is up to date.</summary>
    public IReadOnlyList<Difference> Compare(IReadOnlyList<PublishedFile> wanted)
    {
        var there = Written();
        return
        [
            .. from file in wanted
            let now = ReadIfThere(file.Path)
            where now != file.Content
            select now is null
                ? new Difference(file.Path, DifferenceKind.Missing, "", file.Content)
                : new Difference(file.Path, DifferenceKind.Changed, now, file.Content),
            .. from old in there.Keys.Except(wanted.Select(file => file.Path))
            let now = ReadIfThere(old)
            where now is not null
            select new Difference(old, DifferenceKind.Stale, now, ""),
        ];
    }

    /// <summary>Writes files that are missing or differ, and deletes files that were written before and are no longer wanted.</summary>
    /// <returns>The changes.</returns>
    /// <exception cref="InvalidInputException">
    /// Files were edited by hand and <paramref name="force"/> is false; nothing was written.
    /// </exception>
    public IReadOnlyList<Difference> Write(IReadOnlyList<PublishedFile> wanted, bool force)
    {
        var differences = Compare(wanted);
        var written = Written();
        var edited = differences
            .Where(d => d.Kind is not DifferenceKind.Missing && written.GetValueOrDefault(d.Path) != Hash(d.Now))
            .Select(d =>
                $"{Path.Combine(path, d.Path)}: was edited by hand, and publishing would overwrite it. "
                + "Put the change into farm.json or WpFarm.Topology, or discard it with --force."
            )
            .ToList();
        if (edited.Count > 0 && !force)
            throw new InvalidInputException(edited);

        foreach (var difference in differences.Where(d => d.Kind is DifferenceKind.Stale))
            File.Delete(Path.Combine(path, difference.Path));
        foreach (var file in wanted.Where(file => differences.Any(d => d.Path == file.Path)))
        {
            var target = Path.Combine(path, file.Path);
            AtomicFile.Write(target, file.Content, file.Executable ? AtomicFile.Program : AtomicFile.Text);
        }

        AtomicFile.Write(Path.Combine(path, ListName), List(wanted));
        return differences;
    }

    private string? ReadIfThere(string file)
    {
        var full = Path.Combine(path, file);
        return File.Exists(full) ? File.ReadAllText(full) : null;
    }

    private Dictionary<string, string> Written()
    {
        var list = Path.Combine(path, ListName);
        return File.Exists(list) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(list))! : [];
    }

    private static string List(IReadOnlyList<PublishedFile> files) =>
        JsonSerializer.Serialize(
            new SortedDictionary<string, string>(files.ToDictionary(f => f.Path, f => Hash(f.Content)), StringComparer.Ordinal),
            s_format
        ) + "\n";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}

/// <summary>A difference between the folder and the wanted files.</summary>
/// <param name="Now">Present content; empty when the file does not exist.</param>
/// <param name="Wanted">Wanted content; empty when the file should not exist.</param>
public sealed record Difference(string Path, DifferenceKind Kind, string Now, string Wanted);

public enum DifferenceKind
{
    Missing,
    Changed,

    /// <summary>Was written before and is no longer wanted.</summary>
    Stale,
}
