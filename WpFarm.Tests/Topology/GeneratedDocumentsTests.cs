using WpFarm.Deployment.Instance;
using WpFarm.Tests.Cli;
using WpFarm.Tests.Deployment.Compose.Changing;
using WpFarm.Topology;
using WpFarm.Topology.Diagram;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology;

/// <summary>Generated documents in the repository are up to date with the model.</summary>
public sealed class GeneratedDocumentsTests
{
    private const string Topology = "<!-- topology: generated from the model, see GeneratedDocumentsTests -->\n";
    private const string Changes = "<!-- changes: generated from the plan of ./farm up, see GeneratedDocumentsTests -->\n";
    private const string Simulation = "<!-- simulation: what ./farm scale simulate prints, see GeneratedDocumentsTests -->\n";

    [Fact]
    public void The_schema_of_farm_json_is_that_of_the_options() => Matches("farm.schema.json", _ => FarmFileSchema.Write());

    [Fact]
    public void The_reference_of_farm_json_is_that_of_the_options() =>
        Matches("docs/reference/farm-json.md", _ =>
            "# farm.json\n\nGenerated from the options' types. NAME is a name of your own.\n\n" + FarmFileReference.Write()
        );

    [Fact]
    public void The_diagram_in_the_architecture_page_is_that_of_the_model() =>
        Matches("docs/architecture.md", page => Replace(page, Topology, "<!-- /topology -->", Diagram()));

    /// <summary>The default farm with autoscaling, which is off by default: the picture shows what the Orchestrator can do.</summary>
    [Fact]
    public void The_picture_in_the_README_is_that_of_the_model()
    {
        var tiers = TierOptions.Defaults.ToDictionary(tier => tier.Key, tier => tier.Value with { Scaling = new() { Enabled = true } });

        Matches("docs/farm.svg", _ => Picture.Write(Farm.Build(new FarmOptions { Tiers = tiers })));
    }

    [Fact]
    public async Task The_table_of_the_autoscaler_is_what_the_command_prints()
    {
        var (exitCode, output) = await ScaleCommandTests.SimulateAsync();

        Assert.Equal(0, exitCode);
        var table = output.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith('|'));
        Matches("docs/autoscaling.md", document => Replace(document, Simulation, "<!-- /simulation -->", string.Join("\n", table) + "\n"));
    }

    [Fact]
    public void The_table_of_what_a_changed_key_does_is_that_of_the_plan() =>
        Matches("docs/changes.md", document => Replace(document, Changes, "<!-- /changes -->", ChangesTable.Write()));

    private static string Diagram() => "```mermaid\n" + Mermaid.Write(Farm.Build(new FarmOptions())) + "```\n";

    private static string Replace(string document, string begin, string end, string with)
    {
        var start = document.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return document[..start] + with + document[document.IndexOf(end, StringComparison.Ordinal)..];
    }

    private static void Matches(string file, Func<string, string> generate)
    {
        var path = Path.Combine(RepositoryRoot.Find(), file);
        Snapshot.Match(generate(File.Exists(path) ? File.ReadAllText(path) : ""), path);
    }
}
