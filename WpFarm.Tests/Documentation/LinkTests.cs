using WpFarm.Deployment.Instance;

namespace WpFarm.Tests.Documentation;

/// <summary>Every link in the documentation has a target.</summary>
public sealed class LinkTests
{
    private static readonly string s_root = RepositoryRoot.Find();

    /// <summary>Folders whose Markdown is generated, built, or of third parties.</summary>
    private static readonly string[] s_skipped = ["manifests", ".git", ".farm", "bin", "obj", "Templates"];

    [Fact]
    public void Every_relative_link_leads_to_a_file_and_every_anchor_to_a_heading() =>
        Assert.Empty(Pages().SelectMany(page => page.RelativeLinks.Select(target => ProblemOf(page, target))).OfType<string>());

    [Fact]
    public void Every_page_can_be_reached_from_the_README()
    {
        var pages = Pages().ToDictionary(page => page.Path);
        var reached = new HashSet<string>();
        var next = new Queue<string>([Path.Combine(s_root, "README.md")]);
        while (next.TryDequeue(out var path))
            if (pages.TryGetValue(path, out var page) && reached.Add(path))
                foreach (var target in page.RelativeLinks)
                    next.Enqueue(FileOf(page, target));

        Assert.Empty(pages.Keys.Except(reached).Select(Name));
    }

    [Fact]
    public void Anchors_are_those_of_GitHub()
    {
        const string Text = "# What `./farm up` does\n## The [model](a.md), 1: one\n## Twice\n## Twice\n```\n# a comment\n```\n";

        var anchors = new MarkdownPage("page.md", Text).Anchors;

        Assert.Equal(["the-model-1-one", "twice", "twice-1", "what-farm-up-does"], anchors.Order(StringComparer.Ordinal));
    }

    private static string? ProblemOf(MarkdownPage page, string target)
    {
        var file = FileOf(page, target);
        if (!File.Exists(file) && !Directory.Exists(file))
            return $"{Name(page.Path)}: {target}: there is no {Name(file)}";
        var anchor = target.Split('#').ElementAtOrDefault(1);
        return anchor is null || MarkdownPage.Read(file).Anchors.Contains(anchor)
            ? null
            : $"{Name(page.Path)}: {target}: {Name(file)} has no such heading";
    }

    private static string FileOf(MarkdownPage page, string target) =>
        target.Split('#')[0] is { Length: > 0 } file ? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page.Path)!, file)) : page.Path;

    private static IEnumerable<MarkdownPage> Pages() =>
        Directory
            .EnumerateFiles(s_root, "*.md", SearchOption.AllDirectories)
            .Where(path => !Name(path).Split(Path.DirectorySeparatorChar).Any(s_skipped.Contains))
            .Select(MarkdownPage.Read);

    private static string Name(string path) => Path.GetRelativePath(s_root, path);
}
