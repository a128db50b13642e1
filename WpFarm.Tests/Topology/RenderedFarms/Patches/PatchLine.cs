using System.Globalization;
using System.Text.RegularExpressions;

namespace WpFarm.Tests.Topology.RenderedFarms.Patches;

/// <summary>
/// A line of a patch. A long run of removed lines is stored as a number, since the base has them; a long run of added lines as a number and
/// a hash:
/// <code>
///  a line of the base
/// -a line that only the base has
/// -… 36 more lines
/// +a line that only the text has
/// +… 480 more lines, SHA-256 0123456789abcdef
/// </code>
/// </summary>
/// <param name="Mark">' ', '-' or '+'.</param>
/// <param name="Run">Number of lines for which this one stands, if it stands for a run.</param>
internal sealed partial record PatchLine(char Mark, string Text, int? Run = null)
{
    /// <summary>Number of lines of the base that it covers.</summary>
    public int Length => Mark == '+' ? 0 : Run ?? 1;

    public static PatchLine Parse(string line)
    {
        var run = RunPattern().Match(line);
        return new(line[0], line[1..], run.Success ? int.Parse(run.Groups["lines"].Value, CultureInfo.InvariantCulture) : null);
    }

    public override string ToString() => Mark + Text;

    [GeneratedRegex("^(-|\\+(?=.*, SHA-256 [0-9a-f]{16}$))… (?<lines>[0-9]+) more lines(, SHA-256 [0-9a-f]{16})?$")]
    private static partial Regex RunPattern();
}
