using WpFarm.Topology.Layers.Observability;

namespace WpFarm.Topology.Layers;

/// <summary>Metrics, logs, traces, dashboards and alerts. The farm serves its sites without them, too.</summary>
internal static class ObservabilityLayer
{
    /// <param name="others">The services of all other layers.</param>
    public static IEnumerable<Service> Services(FarmDesign farm, IReadOnlyList<Service> others)
    {
        if (!farm.Options.Observability.Enabled)
            return [];
        IReadOnlyList<Service> own =
        [
            Alertmanager.Service(farm),
            Exporters.Node,
            Exporters.MariaDb(farm),
            Exporters.Redis,
            .. farm.Options.Observability.Cadvisor ? [CAdvisor.Service] : Array.Empty<Service>(),
            OpenTelemetryCollector.Service,
            Loki.Service(farm),
            Tempo.Service,
            Grafana.Service(farm),
        ];
        return [Prometheus.Service(farm, [.. others, .. own]), .. own];
    }
}
