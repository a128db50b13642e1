using WpFarm.Topology.Layers.Observability;

namespace WpFarm.Orchestrator.Alerts;

/// <summary>What Alertmanager's alerts mean for people.</summary>
internal static class AlertList
{
    private static readonly string[] s_shownApart = ["alertname", "severity"];

    /// <param name="receivers">The receivers of farm.json.</param>
    public static AlertStatus Of(IReadOnlyList<SentAlert> alerts, IReadOnlyList<string> receivers)
    {
        var active = alerts
            .Select(Of)
            .Where(alert => alert.Name is not (Alertmanager.TestAlert or Alertmanager.Heartbeat))
            .OrderByDescending(alert => alert.Severity)
            .ThenBy(alert => alert.Since)
            .ToList();
        return new(active, receivers, [.. active.Where(alert => alert.Name == Alertmanager.NotDelivered).Select(alert => alert.Summary)]);
    }

    private static ActiveAlert Of(SentAlert alert) =>
        new(
            alert.Labels.GetValueOrDefault("alertname", ""),
            Enum.TryParse<AlertSeverity>(alert.Labels.GetValueOrDefault("severity"), ignoreCase: true, out var severity)
                ? severity
                : AlertSeverity.Warning,
            alert.Status switch
            {
                { SilencedBy.Count: > 0 } => AlertState.Silenced,
                { InhibitedBy.Count: > 0 } => AlertState.Inhibited,
                _ => AlertState.Firing,
            },
            alert.Annotations.GetValueOrDefault("summary", ""),
            alert.Annotations.GetValueOrDefault("runbook"),
            alert.StartsAt,
            alert.Labels.ExceptBy(s_shownApart, label => label.Key).ToDictionary(),
            [.. alert.Receivers.Select(receiver => receiver.Name).Where(name => name != Alertmanager.Nobody)]
        );
}
