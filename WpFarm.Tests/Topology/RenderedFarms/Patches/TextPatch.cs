using System.Security.Cryptography;
using System.Text;

namespace WpFarm.Tests.Topology.RenderedFarms.Patches;

/// <summary>
/// The difference of a text to a base. Base and patch together give the text again, so a stored patch asserts every line of it.
/// </summary>
internal sealed record TextPatch(IReadOnlyList<PatchPart> Parts)
{
    private const string Head = "@@";

    public static TextPatch Parse(string patch)
    {
        var parts = new List<PatchPart>();
        var lines = new List<PatchLine>();
        foreach (var line in patch.Split('\n')[..^1])
        {
            if (line.StartsWith(Head, StringComparison.Ordinal))
                parts.Add(new(line[Head.Length..].TrimStart(), lines = []));
            else
                lines.Add(PatchLine.Parse(line));
        }

        return new(parts);
    }

    /// <param name="actual">The text from which a run of lines is taken, if it has the run's hash.</param>
    /// <exception cref="PatchException">A part does not fit anywhere in the base.</exception>
    public string Apply(string before, string actual)
    {
        var (from, now, text) = (before.Split('\n'), actual.Split('\n'), new List<string>());
        var next = 0;
        foreach (var part in Parts)
        {
            var start = part.Find(from, next) ?? throw new PatchException($"its base has no place any more for this part:\n{part}");
            text.AddRange(from[next..start]);
            foreach (var line in part.Lines)
            {
                if (line is { Mark: '+', Run: { } count })
                    text.AddRange(now.Skip(text.Count).Take(count).ToArray() is var run && line.Text == AddedRun(run) ? run : [line.Text]);
                else if (line.Mark != '-')
                    text.Add(line.Text);
                start += line.Length;
            }

            next = start;
        }

        text.AddRange(from[next..]);
        return string.Join('\n', text);
    }

    public static string AddedRun(string[] lines) => $"… {lines.Length} more lines, SHA-256 {Hash(string.Join('\n', lines))[..16]}";

    public static string RemovedRun(int count) => $"… {count} more lines";

    public override string ToString() => string.Concat(Parts);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>A patch does not apply.</summary>
internal sealed class PatchException(string message) : Exception(message);
