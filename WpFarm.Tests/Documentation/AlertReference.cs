using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace WpFarm.Tests.Documentation;

/// <summary>docs/reference/alerts.md: every alert rule with its level and its page.</summary>
internal static partial class AlertReference
{
    private const string Introduction = """
        # Alerts

        Generated from the alert rules ([alerts.yml](../../WpFarm.Topology/Layers/Observability/alerts.yml)). Prometheus evaluates them
        every 15 s. Words in capitals stand for what the alert fills in. The name of an alert leads to the page that says what to do.

        | level | meaning |
        |---|---|
        | critical | wakes someone |
        | warning | for working hours |
        | info | for the record |

        An alert fires when its expression has held for the time in the column *after*. A rule whose metrics are missing in a farm never
        fires: cAdvisor is left out where no registry can be reached.
        [Who is told, and how](../alerts.md).

        """;

    public static string Write()
    {
        var text = new StringBuilder(Introduction);
        foreach (var rules in AlertRule.All.GroupBy(rule => rule.Group))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {rules.Key}\n\n| alert | level | after | what it says |\n|---|---|---|---|\n");
            foreach (var rule in rules)
                text.Append($"| [{rule.Name}]({Page(rule)}) | {rule.Severity} | {After(rule)} | {Words(rule.Summary)} |\n");
        }

        return text.ToString();
    }

    private static string Page(AlertRule rule) => rule.Runbook.Replace("docs/", "../", StringComparison.Ordinal);

    private static string After(AlertRule rule) => rule.For.Length > 0 ? rule.For : "at once";

    /// <summary>Replaces a template of Prometheus by a word for the value that Prometheus will insert.</summary>
    private static string Words(string template) =>
        Template()
            .Replace(List().Replace(template, " SITES"), match => match.Groups["label"] is { Success: true, Value: var label }
                    ? label.ToUpperInvariant()
                : match.Groups["bytes"].Success ? "N bytes"
                : "N");

    [GeneratedRegex(@"\{\{ range .*?\{\{ end \}\}", RegexOptions.Singleline, 1000)]
    private static partial Regex List();

    [GeneratedRegex(@"\{\{ (\$labels\.(?<label>\w+)|\$value)[^}]*\}\}(?<bytes>B)?", RegexOptions.None, 1000)]
    private static partial Regex Template();
}
