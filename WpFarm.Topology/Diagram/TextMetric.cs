namespace WpFarm.Topology.Diagram;

/// <summary>
/// Estimates the width of a text in a sans-serif font. Slightly too wide on purpose: the reader's browser chooses the font.
/// </summary>
internal static class TextMetric
{
    private const double Bold = 1.08;

    public static double Width(string text, double size, bool bold = false) => text.Sum(EmOf) * size * (bold ? Bold : 1);

    /// <summary>Breaks a text at spaces into lines of limited width. A single longer word is not broken.</summary>
    public static IReadOnlyList<string> Wrap(string text, double width, double size)
    {
        var lines = new List<string>();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (lines.Count > 0 && Width($"{lines[^1]} {word}", size) <= width)
                lines[^1] += " " + word;
            else
                lines.Add(word);
        return lines;
    }

    /// <summary>Character widths in Arial. Helvetica, Liberation Sans and Segoe UI have similar ones.</summary>
    private static double EmOf(char c) =>
        c switch
        {
            'i' or 'j' or 'l' or '\'' or '|' => 0.24,
            'f' or 't' or 'r' or ' ' or '.' or ',' or ':' or ';' or '(' or ')' or '/' or '-' or 'I' => 0.34,
            'm' or 'w' or 'M' or 'W' => 0.86,
            _ when char.IsUpper(c) => 0.72,
            _ => 0.57,
        };
}
