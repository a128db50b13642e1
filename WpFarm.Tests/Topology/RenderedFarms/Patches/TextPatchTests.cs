using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace WpFarm.Tests.Topology.RenderedFarms.Patches;

public sealed class TextPatchTests
{
    private const string Before = "services:\n  web:\n    replicas: 1\n  db:\n    replicas: 1\n";

    /// <summary>Few different lines, so that many places look alike.</summary>
    private static Arbitrary<string> Texts =>
        Gen.Elements("a:", "  b:", "    c", "    d", "").ArrayOf().Select(lines => string.Join('\n', lines)).ToArbitrary();

    [Property(MaxTest = 2000)]
    public Property Base_and_patch_give_the_text_again() =>
        Prop.ForAll(Texts, Texts, (before, actual) =>
            TextPatch.Parse(PatchWriter.Write(before, actual).ToString()).Apply(before, actual) == actual
        );

    [Fact]
    public void A_place_is_named_by_the_lines_that_enclose_it() =>
        Assert.Equal(
            "@@ services: › db:\n-    replicas: 1\n+    replicas: 2\n",
            PatchWriter.Write(Before, "services:\n  web:\n    replicas: 1\n  db:\n    replicas: 2\n").ToString()
        );

    [Fact]
    public void A_service_is_added_from_its_name_on() =>
        Assert.Equal(
            "@@ services: › web:\n     replicas: 1\n+  cache:\n+    replicas: 1\n",
            PatchWriter.Write(Before, "services:\n  web:\n    replicas: 1\n  cache:\n    replicas: 1\n  db:\n    replicas: 1\n").ToString()
        );

    [Fact]
    public void A_change_elsewhere_in_the_base_leaves_the_patch_as_it_is()
    {
        var patch = PatchWriter.Write(Before, Before.Replace("db:\n    replicas: 1", "db:\n    replicas: 2", StringComparison.Ordinal));

        Assert.Equal("name: farm\nservices:\n  db:\n    replicas: 2\n", patch.Apply("name: farm\nservices:\n  db:\n    replicas: 1\n", ""));
    }

    [Fact]
    public void A_part_whose_place_has_gone_is_shown()
    {
        var patch = PatchWriter.Write(Before, Before.Replace("web:\n    replicas: 1", "web:\n    replicas: 2", StringComparison.Ordinal));

        var error = Assert.Throws<PatchException>(() => patch.Apply(Before.Replace("  web:", "  www:", StringComparison.Ordinal), ""));
        Assert.Contains("@@ services: › web:\n-    replicas: 1\n", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_changes_within_a_long_run_is_noticed()
    {
        var actual = Before + string.Concat(Enumerable.Range(1, 500).Select(site => $"site {site}\n"));
        var patch = TextPatch.Parse(PatchWriter.Write(Before, actual).ToString());
        var changed = actual.Replace("site 300\n", "page 300\n", StringComparison.Ordinal);

        Assert.Equal(actual, patch.Apply(Before, actual));
        Assert.NotEqual(changed, patch.Apply(Before, changed));
        Assert.True(patch.ToString().Length < 500);
    }
}
