using WpFarm.Contracts.Settings;
using WpFarm.Deployment.Instance;

namespace WpFarm.Tests.Topology;

/// <summary>The keys of farm.php that C# writes are those that the PHP of the image reads.</summary>
public sealed class FarmPhpTests
{
    /// <summary>The image's PHP by its path below <c>images/wordpress</c>, without tests: a key that only tests read is unused.</summary>
    private static readonly Dictionary<string, string> s_code = Code();

    [Fact]
    public void Every_key_of_farm_php_is_used_by_some_PHP()
    {
        var dead = FarmPhpKeys.Written().Except(FarmPhpKeys.Used(s_code));

        Assert.Empty(dead.Select(key => $"{key}: no PHP uses it. Delete it."));
    }

    [Fact]
    public void Every_key_that_PHP_reads_is_in_farm_php()
    {
        var written = FarmPhpKeys.Written();

        Assert.Empty(
            FarmPhpKeys
                .Read(s_code)
                .Where(read => !written.Any(key => $"{key}.".StartsWith($"{read.Key}.", StringComparison.Ordinal)))
                .Select(read => $"{read.Key}: {read.Member} reads it, nothing writes it.")
        );
    }

    [Fact]
    public void Only_one_class_opens_farm_php() =>
        Assert.Equal(
            "farm/Farm.php",
            Assert.Single(s_code, file => file.Value.Contains(FarmPhpSettings.Path, StringComparison.Ordinal)).Key
        );

    [Theory]
    [InlineData("a(); // $this->config['x']\nb();", "a();  \nb();")]
    [InlineData("/** @see $config['x'] */ a();", "  a();")]
    [InlineData("# $config['x']\n#[Attribute] a();", " \n#[Attribute] a();")]
    [InlineData("a('it\\'s // one', \"/* two */\");", "a('it\\'s // one', \"/* two */\");")]
    [InlineData("a(<<<'LUA'\n-- # it's\nLUA, 'b'); // c", "a(<<<'LUA'\n-- # it's\nLUA, 'b');  ")]
    [InlineData("<?php // a ?>b", "<?php  ?>b")]
    public void Comments_are_taken_out_and_texts_are_not(string source, string code) => Assert.Equal(code, PhpCode.WithoutComments(source));

    private static Dictionary<string, string> Code()
    {
        var folder = Path.Combine(RepositoryRoot.Find(), "images", "wordpress");
        return Directory
            .EnumerateFiles(folder, "*.php", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetRelativePath(folder, file), Text: File.ReadAllText(file)))
            .Where(file => !file.Name.StartsWith("tests/", StringComparison.Ordinal))
            .ToDictionary(file => file.Name, file => PhpCode.WithoutComments(file.Text));
    }
}
