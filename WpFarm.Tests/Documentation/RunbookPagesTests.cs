using System.Text.RegularExpressions;
using WpFarm.Cli;
using WpFarm.Deployment.Instance;

namespace WpFarm.Tests.Documentation;

/// <summary>Every alert has a runbook, and the commands of a runbook exist.</summary>
public sealed partial class RunbookPagesTests
{
    private const string Folder = "docs/operations/runbooks";

    /// <summary>A runbook with SQL, which <see cref="Integration.RunbookTests"/> runs.</summary>
    private const string Tuning = "partitioning-and-indexes.md";

    private static readonly string s_root = RepositoryRoot.Find();
    private static readonly string s_operations = Path.Combine(s_root, "docs/operations");

    /// <summary>The headings of each runbook, in this order.</summary>
    private static readonly string[] s_parts = ["Look", "Act", "It is over when", "Afterwards"];

    public static TheoryData<string> Alerts => [.. AlertRule.All.Select(rule => rule.Name)];

    public static TheoryData<string> Pages => [.. Runbooks()];

    [Theory]
    [MemberData(nameof(Alerts))]
    public void An_alert_names_a_page_that_is_about_it(string alert)
    {
        var rule = AlertRule.All.Single(rule => rule.Name == alert);
        var path = Path.Combine(s_root, rule.Runbook);

        var isThere = rule.Runbook.StartsWith(Folder, StringComparison.Ordinal) && File.Exists(path);
        Assert.True(isThere, $"{alert}: has no page: its annotation runbook is '{rule.Runbook}'. Write the page, in {Folder}.");
        Assert.True(Title(path).Split(", ").Contains(alert), $"{rule.Runbook}: its title does not name {alert}.");
        Assert.Contains($"[{alert}](runbooks/{Path.GetFileName(path)})", Index(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_page_is_in_the_index()
    {
        var index = Index();

        Assert.All(Runbooks().Append(Tuning), page => Assert.Contains($"](runbooks/{page})", index, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_runbook_says_where_to_look_what_to_do_and_when_it_is_over(string page)
    {
        var lines = File.ReadAllLines(Path.Combine(s_root, Folder, page));

        Assert.Equal(s_parts, lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..]));
        Assert.Contains(lines, line => line.StartsWith("**Visitors notice**:", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_command_in_the_pages_is_one_of_farm()
    {
        var commands =
            from page in Documents()
            from command in Commands(File.ReadAllText(page))
            select (Page: Path.GetFileName(page), Command: command);
        var wrong =
            from line in commands
            from error in FarmCommand.Root.Parse(line.Command).Errors
            select $"{line.Page}: ./farm {line.Command}: {error.Message}";

        Assert.True(commands.Count() > 100);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_link_leads_to_a_file()
    {
        var links =
            from page in Documents()
            from link in Links().Matches(File.ReadAllText(page))
            let target = link.Groups["path"].Value
            where !target.Contains("://", StringComparison.Ordinal)
            where !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, target))
            select $"{Path.GetFileName(page)}: {target} is not there.";

        Assert.Empty(links);
    }

    private static string Index() => File.ReadAllText(Path.Combine(s_operations, "README.md"));

    private static string Title(string path) => File.ReadLines(path).First().TrimStart('#', ' ');

    private static IEnumerable<string> Documents() => Directory.EnumerateFiles(s_operations, "*.md", SearchOption.AllDirectories);

    private static IEnumerable<string> Runbooks() =>
        Directory.EnumerateFiles(Path.Combine(s_root, Folder), "*.md").Select(path => Path.GetFileName(path)).Where(page => page != Tuning);

    /// <summary>The arguments of <c>./farm</c> in a line of a code block, up to a comment, and in inline code.</summary>
    private static IEnumerable<string> Commands(string page)
    {
        var text = page.Replace("\\\n", "", StringComparison.Ordinal);
        var typed = Blocks().Matches(text).SelectMany(block => Typed().Matches(block.Value));
        return typed.Concat(Spans().Matches(Blocks().Replace(text, ""))).Select(match => match.Groups["command"].Value);
    }

    [GeneratedRegex("^ *```.*?^ *```$", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Blocks();

    /// <summary>A comment begins after two spaces, or with a number sign.</summary>
    [GeneratedRegex(@"^ *(\$ )?(sudo )?\./farm (?<command>.*?)(   *[^ -].*| #.*)?$", RegexOptions.Multiline, 1000)]
    private static partial Regex Typed();

    [GeneratedRegex(@"`(sudo )?\./farm (?<command>[^`]+)`", RegexOptions.None, 1000)]
    private static partial Regex Spans();

    [GeneratedRegex(@"\]\((?<path>[^)#]+)(#[^)]*)?\)", RegexOptions.None, 1000)]
    private static partial Regex Links();
}
