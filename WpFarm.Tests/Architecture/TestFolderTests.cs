namespace WpFarm.Tests.Architecture;

/// <summary>A test lies where its subject lies. That a namespace is named for its folder, the build checks (IDE0130).</summary>
public sealed class TestFolderTests
{
    /// <summary>Tests of a whole: real farms, the documents, the code itself, and what a farm is rendered into.</summary>
    private static readonly string[] s_ofAWhole =
    [
        "WpFarm.Tests.Architecture",
        "WpFarm.Tests.Documentation",
        "WpFarm.Tests.Integration",
        "WpFarm.Tests.Topology.RenderedFarms",
    ];

    [Fact]
    public void A_test_lies_in_the_folder_of_its_subject()
    {
        var folders = Project.All.SelectMany(project => project.Types).Select(type => type.Namespace!).ToHashSet();

        Assert.Empty(
            Project
                .TypesOf(typeof(TestFolderTests).Assembly)
                .Where(type => type.Name.EndsWith("Tests", StringComparison.Ordinal) && !IsOfAWhole(type.Namespace!))
                .Where(type => !folders.Contains(type.Namespace!.Replace("WpFarm.Tests.", "WpFarm.", StringComparison.Ordinal)))
                .Select(type => type.FullName)
        );
    }

    private static bool IsOfAWhole(string name) => s_ofAWhole.Any(whole => $"{name}.".StartsWith($"{whole}.", StringComparison.Ordinal));
}
