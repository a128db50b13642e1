namespace WpFarm.Tests.Topology.RenderedFarms.Patches;

/// <summary>
/// One place of the base at which the text differs. It is found by its own lines and by the less indented lines above it, not by line
/// numbers, so that a change elsewhere in the base leaves the patch as it is.
/// </summary>
/// <param name="Section">The result of <see cref="SectionOf"/> for its first line.</param>
internal sealed record PatchPart(string Section, IReadOnlyList<PatchLine> Lines)
{
    private const int LongestTitle = 50;

    /// <summary>The first place from <paramref name="from"/> on to which the part applies; null when there is none.</summary>
    public int? Find(string[] before, int from)
    {
        var length = Lines.Sum(line => line.Length);
        for (var start = from; start + length <= before.Length; start++)
            if (HasLines(before, start) && SectionOf(before, start) == Section)
                return start;

        return null;
    }

    /// <summary>The lines that enclose a line by their indentation, the outermost first: <c>services: › haproxy: › deploy:</c>.</summary>
    public static string SectionOf(string[] lines, int at)
    {
        var titles = new Stack<string>();
        var indentation = at < lines.Length ? Indentation(lines[at]) : 0;
        for (var line = at - 1; line >= 0 && indentation > 0; line--)
            if (lines[line].Trim().Length > 0 && Indentation(lines[line]) < indentation)
            {
                var title = lines[line].Trim();
                titles.Push(title.Length > LongestTitle ? title[..LongestTitle] + "…" : title);
                indentation = Indentation(lines[line]);
            }

        return string.Join(" › ", titles);
    }

    public override string ToString() => $"@@ {Section}".TrimEnd() + "\n" + string.Concat(Lines.Select(line => $"{line}\n"));

    private bool HasLines(string[] before, int start)
    {
        foreach (var line in Lines.Where(line => line.Mark != '+'))
        {
            if (line.Run is null && before[start] != line.Text)
                return false;
            start += line.Length;
        }

        return true;
    }

    public static int Indentation(string line) => line.Length - line.TrimStart().Length;
}
