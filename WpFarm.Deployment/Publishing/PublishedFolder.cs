using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Publishing;

/// <summary>
/// A folder of published manifests. It keeps a list of what was written, with hashes, so that an edit by hand is noticed before it
/// would be lost. Other files in it (secrets, <c>.env</c>) are left alone.
/// </summary>
public sealed class PublishedFolder(string path)
{
    private const string ListName = ".published.json";

    private static readonly JsonSerializerOptions s_format = new() { WriteIndented = true };

    /// <summary>What differs from the wanted files: nothing, when the folder is up to date.</summary>
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

    /// <summary>Writes what is missing or changed, and deletes what was written before and is not wanted any more.</summary>
    /// <returns>What was changed.</returns>
    /// <exception cref="InvalidInputException">Files were edited by hand, and not <paramref name="force"/>; nothing was written.</exception>
    public IReadOnlyList<Difference> Write(IReadOnlyList<PublishedFile> wanted, bool force)
    {
        var differences = Compare(wanted);
        var written = Written();
        var edited = differences
            .Where(d => d.Kind is not DifferenceKind.Missing && written.GetValueOrDefault(d.Path) != Hash(d.Now))
            .Select(d =>
                $"{Path.Combine(path, d.Path)}: was edited by hand, and would be overwritten. Put the change into farm.json or the topology; --force gives it up."
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

/// <param name="Now">What is there; empty when nothing is.</param>
/// <param name="Wanted">What should be there; empty when nothing should.</param>
public sealed record Difference(string Path, DifferenceKind Kind, string Now, string Wanted);

public enum DifferenceKind
{
    Missing,
    Changed,

    /// <summary>Written once, and not wanted any more.</summary>
    Stale,
}
