using DiffPlex;

namespace WpFarm.Tests.Topology.RenderedFarms.Patches;

/// <summary>Writes the shortest unambiguous patch that turns one text into another.</summary>
internal static class PatchWriter
{
    /// <summary>Number of lines of a longer run that are stored before the cut; one is stored after it.</summary>
    private const int LongestRemoved = 6,
        RemovedBeforeCut = 3,
        LongestAdded = 60,
        AddedBeforeCut = 16;

    public static TextPatch Write(string before, string actual)
    {
        var (from, to) = (before.Split('\n'), actual.Split('\n'));
        var diff = Differ.Instance.CreateDiffs("\n" + before, "\n" + actual, ignoreWhiteSpace: false, ignoreCase: false, new Lines());
        var blocks = diff.DiffBlocks;
        var parts = new List<PatchPart>();
        var next = 0;
        for (var i = 0; i < blocks.Count; i++)
        {
            var free = (i + 1 < blocks.Count ? blocks[i + 1].DeleteStartA : from.Length) - blocks[i].DeleteStartA - blocks[i].DeleteCountA;
            var (removed, added) = Slide(
                new(blocks[i].DeleteStartA, blocks[i].DeleteCountA, from),
                new(blocks[i].InsertStartB, blocks[i].InsertCountB, to),
                free
            );
            parts.Add(Part(removed, added, next));
            next = removed.End;
        }

        return new(parts);
    }

    /// <summary>
    /// Shifts a run of only removed or only added lines down as far as the resulting text stays the same, so that it begins with its least
    /// indented line and a service is removed or added from its name on.
    /// </summary>
    /// <param name="free">Number of lines until the next change.</param>
    private static (LineRun Removed, LineRun Added) Slide(LineRun removed, LineRun added, int free)
    {
        if (removed.Count > 0 && added.Count > 0)
            return (removed, added);
        var run = removed.Count > 0 ? removed : added;
        var ways = Enumerable
            .Range(0, free + 1)
            .TakeWhile(way => way == 0 || run.Lines[run.Start + way - 1] == run.Lines[run.End + way - 1]);
        var best = ways.MinBy(way => PatchPart.Indentation(run.Lines[run.Start + way]));
        return (removed with { Start = removed.Start + best }, added with { Start = added.Start + best });
    }

    /// <summary>Adds as many lines of the base before the part as are needed to find the place again.</summary>
    /// <param name="next">Where the previous part ended.</param>
    private static PatchPart Part(LineRun removed, LineRun added, int next)
    {
        PatchLine[] changes =
        [
            .. Cut('-', removed, LongestRemoved, RemovedBeforeCut, run => TextPatch.RemovedRun(run.Length)),
            .. Cut('+', added, LongestAdded, AddedBeforeCut, TextPatch.AddedRun),
        ];
        for (var context = removed.Count > 0 ? 0 : Math.Min(1, removed.Start - next); ; context++)
        {
            var start = removed.Start - context;
            var lines = removed.Lines[start..removed.Start].Select(line => new PatchLine(' ', line)).Concat(changes);
            var part = new PatchPart(PatchPart.SectionOf(removed.Lines, start), [.. lines]);
            if (start == next || part.Find(removed.Lines, next) == start)
                return part;
        }
    }

    private static IEnumerable<PatchLine> Cut(char mark, LineRun run, int longest, int before, Func<string[], string> standIn)
    {
        var lines = run.Lines[run.Start..run.End];
        if (lines.Length <= longest)
            return lines.Select(line => new PatchLine(mark, line));
        var cut = lines[before..^1];
        return [.. lines[..before].Select(line => new PatchLine(mark, line)), new(mark, standIn(cut), cut.Length), new(mark, lines[^1])];
    }

    /// <summary>
    /// DiffPlex gives an empty text no lines, here it is one empty line; so each text is passed with a leading line break.
    /// </summary>
    private sealed class Lines : IChunker
    {
        public IReadOnlyList<string> Chunk(string text) => text[1..].Split('\n');
    }

    /// <summary>Lines that are removed from a text or added to it.</summary>
    private sealed record LineRun(int Start, int Count, string[] Lines)
    {
        public int End => Start + Count;
    }
}
