using System.Text.RegularExpressions;

namespace WpFarm.Tests.Documentation;

/// <summary>A Markdown file of the repository: its links, and the anchors that other pages can link to.</summary>
/// <param name="Path">Absolute path.</param>
internal sealed partial record MarkdownPage(string Path, string Text)
{
    public static MarkdownPage Read(string path) => new(path, File.ReadAllText(path));

    /// <summary>Targets of links and pictures, without links to other hosts.</summary>
    public IEnumerable<string> RelativeLinks =>
        Link().Matches(InlineCode().Replace(Prose, "")).Select(match => match.Groups[1].Value).Where(target => !Scheme().IsMatch(target));

    /// <summary>Anchors of headings as GitHub creates them: the second of two equal ones ends in <c>-1</c>.</summary>
    public IReadOnlySet<string> Anchors
    {
        get
        {
            var times = new Dictionary<string, int>();
            var anchors = new HashSet<string>();
            foreach (Match heading in Heading().Matches(Prose))
            {
                var anchor = AnchorOf(heading.Groups[1].Value);
                var before = times[anchor] = times.GetValueOrDefault(anchor) + 1;
                anchors.Add(before == 1 ? anchor : $"{anchor}-{before - 1}");
            }

            return anchors;
        }
    }

    private string Prose => Fence().Replace(Text, "");

    private static string AnchorOf(string heading) =>
        NotOfAnchors().Replace(LinkText().Replace(heading.Trim(), "$1").ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"^[ ]*```.*?^[ ]*```[ ]*$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"`[^`\n]*`")]
    private static partial Regex InlineCode();

    /// <summary>Matches <c>[text](target)</c>, also across a line break.</summary>
    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(@"^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotOfAnchors();

    [GeneratedRegex(@"^[a-z][a-z0-9+.-]*:", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();
}
