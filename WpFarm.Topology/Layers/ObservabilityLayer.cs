using WpFarm.Topology.Layers.Observability;

namespace WpFarm.Topology.Layers;

/// <summary>Metrics, logs, traces, dashboards and alerts; the farm serves its sites without any of it.</summary>
internal static class ObservabilityLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) =>
        farm.Options.Observability.Enabled
            ?
            [
                Prometheus.Service(farm),
                Alertmanager.Service,
                Exporters.Node,
                Exporters.MariaDb(farm),
                Exporters.Redis,
                CAdvisor.Service,
                OpenTelemetryCollector.Service,
                Loki.Service(farm),
                Tempo.Service,
                Grafana.Service(farm),
            ]
            : [];
}
