using System.Text.RegularExpressions;
using WpFarm.Deployment.Instance;
using WpFarm.Tests.Documentation;
using YamlDotNet.Serialization;

namespace WpFarm.Tests.Topology.Layers.Observability;

/// <summary>Every alert has a case in which it fires and one in which it does not: RenderedConfigurationTests run them.</summary>
public sealed partial class AlertCaseTests
{
    public const string File = "WpFarm.Tests/Topology/Layers/Observability/alerts.test.yml";

    private static readonly ILookup<string, bool> s_fires = Cases().ToLookup(alert => alert.Name, alert => alert.Fires);

    public static TheoryData<string> Alerts => [.. AlertRule.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Alerts))]
    public void An_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not(string alert)
    {
        Assert.Contains(true, s_fires[alert]);
        // It always fires.
        if (alert != WpFarm.Topology.Layers.Observability.Alertmanager.Heartbeat)
            Assert.Contains(false, s_fires[alert]);
    }

    [Fact]
    public void Every_case_is_of_an_alert() =>
        Assert.Empty(s_fires.Select(alert => alert.Key).Except(AlertRule.All.Select(rule => rule.Name)));

    private static IEnumerable<(string Name, bool Fires)> Cases()
    {
        var text = System.IO.File.ReadAllText(Path.Combine(RepositoryRoot.Find(), File));
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(text);
        return from test in ((List<object>)file["tests"]).Cast<Dictionary<object, object>>()
            from question in ((List<object>)test["promql_expr_test"]).Cast<Dictionary<object, object>>()
            select (Alert().Match((string)question["expr"]).Groups["name"].Value, ((List<object>)question["exp_samples"]).Count > 0);
    }

    [GeneratedRegex("""^count\(ALERTS\{alertname="(?<name>\w+)", alertstate="firing"\}\)$""")]
    private static partial Regex Alert();
}
