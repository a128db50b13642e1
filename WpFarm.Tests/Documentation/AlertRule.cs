using WpFarm.Tests.Topology;
using WpFarm.Topology.Layers.Observability;
using YamlDotNet.Serialization;

namespace WpFarm.Tests.Documentation;

/// <summary>An alert rule, as the model renders it for Prometheus.</summary>
/// <param name="Group">The rule's group.</param>
/// <param name="For">How long the expression must hold before the alert fires; empty when it fires at once.</param>
/// <param name="Runbook">Path of the runbook in the repository.</param>
internal sealed record AlertRule(string Group, string Name, string Expression, string For, string Severity, string Summary, string Runbook)
{
    public static IReadOnlyList<AlertRule> All { get; } = [.. Read()];

    private static IEnumerable<AlertRule> Read()
    {
        var files = TestFarms.OneBox.Find(Prometheus.Name)!.Files;
        var rules = files.Single(file => file.Path.EndsWith("/alerts.yml", StringComparison.Ordinal)).Content;
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, List<Dictionary<string, object>>>>(rules);
        return from @group in file["groups"]
            from rule in ((List<object>)@group["rules"]).Cast<Dictionary<object, object>>()
            select new AlertRule(
                (string)@group["name"],
                (string)rule["alert"],
                (string)rule["expr"],
                (string?)rule.GetValueOrDefault("for") ?? "",
                Text(rule, "labels", "severity"),
                Text(rule, "annotations", "summary"),
                Text(rule, "annotations", "runbook")
            );
    }

    private static string Text(Dictionary<object, object> rule, string map, string key) =>
        rule.GetValueOrDefault(map) is Dictionary<object, object> values && values.GetValueOrDefault(key) is string text ? text : "";
}
