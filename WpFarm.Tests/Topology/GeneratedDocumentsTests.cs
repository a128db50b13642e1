using System.Runtime.CompilerServices;
using WpFarm.Deployment;
using WpFarm.Topology;
using WpFarm.Topology.Diagram;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology;

/// <summary>What is generated from the model and kept in the repository is what the model says now.</summary>
public sealed class GeneratedDocumentsTests
{
    private const string Begin = "<!-- topology: generated from the model, see GeneratedDocumentsTests -->\n";
    private const string End = "<!-- /topology -->";

    [Fact]
    public void The_schema_of_farm_json_is_that_of_the_options() => Matches("farm.schema.json", _ => FarmFileSchema.Write());

    [Fact]
    public void The_reference_of_farm_json_is_that_of_the_options() =>
        Matches("docs/farm-json.md", _ => "# farm.json\n\nGenerated from the options' types. NAME is a name of your own.\n\n" + FarmFileReference.Write());

    [Fact]
    public void The_picture_in_the_README_is_that_of_the_model() => Matches("README.md", readme =>
    {
        var (start, end) = (readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, readme.IndexOf(End, StringComparison.Ordinal));
        return readme[..start] + "```mermaid\n" + Mermaid.Write(Farm.Build(new FarmOptions())) + "```\n" + readme[end..];
    });

    private static void Matches(string file, Func<string, string> generate, [CallerFilePath] string testFile = "")
    {
        var path = Path.Combine(RepositoryRoot.Find(), file);
        var kept = File.Exists(path) ? File.ReadAllText(path) : "";
        Snapshot.Match(generate(kept), Path.GetRelativePath(Path.Combine(Path.GetDirectoryName(testFile)!, "Snapshots"), path), testFile);
    }
}
