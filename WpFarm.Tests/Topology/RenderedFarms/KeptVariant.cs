using System.Runtime.CompilerServices;
using WpFarm.Tests.Topology.RenderedFarms.Patches;

namespace WpFarm.Tests.Topology.RenderedFarms;

/// <summary>
/// The stored difference of a farm to its base, in a folder of its own: <c>NAME.diff</c> for a text that differs, the whole text if the
/// base lacks it, and in <c>missing.txt</c> the names that only the base has. For an equal text nothing is stored.
/// </summary>
internal sealed class KeptVariant(string name, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now)
{
    private const string Missing = "missing.txt";
    private const string Diff = ".diff";

    private readonly string _folder = Path.Combine(Folder(), name);

    /// <summary>The folders of all variants.</summary>
    public static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Snapshots");

    public void Accept()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
        foreach (var (file, content) in Wanted())
        {
            var path = Path.Combine(_folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
        }
    }

    /// <summary>
    /// One line for each text that differs from base and folder together, and for each file that the folder should not have.
    /// </summary>
    public IReadOnlyList<string> Compare()
    {
        var kept = Read();
        var texts = now.Keys.Union(before.Keys).Order(StringComparer.Ordinal);
        var stale = kept.Keys.Except(Wanted().Keys).Order(StringComparer.Ordinal);
        return
        [
            .. texts.Select(text => Compare(text, kept)).OfType<string>(),
            .. stale.Select(file => $"{file} is kept in {_folder}, and nothing needs it."),
        ];
    }

    private string? Compare(string text, Dictionary<string, string> kept)
    {
        var missing = kept.GetValueOrDefault(Missing, "").Split('\n').Contains(text);
        var expected =
            missing ? null
            : before.TryGetValue(text, out var inBase) ? inBase
            : kept.GetValueOrDefault(text);
        if (!now.TryGetValue(text, out var actual))
            return expected is null ? null : $"{text} is not rendered any more.";
        if (expected is null)
            return $"{text} is rendered, and {(missing ? Missing + " says that it is not" : "neither the base nor the folder has it")}.";
        try
        {
            expected = kept.TryGetValue(text + Diff, out var patch) ? TextPatch.Parse(patch).Apply(expected, actual) : expected;
            return expected == actual ? null : $"{text}, {Snapshot.FirstDifference(expected, actual)}";
        }
        catch (PatchException e)
        {
            return $"{text}: {e.Message}";
        }
    }

    /// <summary>The wanted content of the folder, by path.</summary>
    private Dictionary<string, string> Wanted()
    {
        var files = now.Where(text => before.GetValueOrDefault(text.Key) != text.Value)
            .ToDictionary(
                text => before.ContainsKey(text.Key) ? text.Key + Diff : text.Key,
                text => before.TryGetValue(text.Key, out var inBase) ? PatchWriter.Write(inBase, text.Value).ToString() : text.Value
            );
        var missing = before.Keys.Except(now.Keys).Order(StringComparer.Ordinal).Select(text => text + "\n");
        if (missing.Any())
            files.Add(Missing, string.Concat(missing));
        return files;
    }

    private Dictionary<string, string> Read() =>
        !Directory.Exists(_folder)
            ? []
            : Directory
                .EnumerateFiles(
                    _folder,
                    "*",
                    new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }
                )
                .ToDictionary(path => Path.GetRelativePath(_folder, path), File.ReadAllText);
}
