using System.Text.RegularExpressions;
using WpFarm.Deployment.Instance;
using WpFarm.Tests.Orchestrator.Api;

namespace WpFarm.Tests.Documentation;

/// <summary>The generated pages of docs/reference are up to date with the code.</summary>
public sealed partial class ReferencePagesTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public void The_commands_are_those_of_the_command_tree() => Matches("commands.md", CommandReference.Write());

    [Fact]
    public async Task The_calls_are_those_of_the_Orchestrator() => Matches("api.md", ApiReference.Write(await ApiCalls.ReadAsync(host)));

    [Fact]
    public void The_alerts_are_those_of_the_rules() => Matches("alerts.md", AlertReference.Write());

    [Fact]
    public void The_metrics_are_those_of_the_Orchestrator() => Matches("metrics.md", MetricReference.Write());

    [Fact]
    public void The_privileges_are_those_of_the_model() => Matches("privileges.md", PrivilegeReference.Write());

    [Fact]
    public void Every_metric_of_the_Orchestrator_that_a_rule_reads_exists()
    {
        var known = MetricReference.All.Select(metric => metric.Name).ToHashSet();

        Assert.All(AlertRule.All, rule =>
            Assert.All(Own().Matches(rule.Expression), name =>
                Assert.True(known.Contains(name.Value), $"{rule.Name}: reads {name.Value}, which the Orchestrator does not publish.")
            )
        );
    }

    private static void Matches(string page, string text) =>
        Snapshot.Match(text, Path.Combine(RepositoryRoot.Find(), "docs/reference", page));

    [GeneratedRegex(@"\bwpfarm_\w+", RegexOptions.None, 1000)]
    private static partial Regex Own();
}
