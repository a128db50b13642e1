namespace WpFarm.Topology.Layers.Observability;

/// <summary>
/// Dashboards over metrics, logs and traces. Data sources and the farm's dashboard are provisioned. It joins the management network only
/// to publish its port.
/// </summary>
internal static class Grafana
{
    public const string Name = "grafana";
    public const int Port = 3000;

    private const string Provisioning = "/etc/grafana/provisioning";

    public static Service Service(FarmDesign farm) =>
        new()
        {
            Name = Name,
            Layer = Layer.Observability,
            Description = "Dashboards",
            Image = UpstreamImages.Grafana,
            Kind = ServiceKind.Stateful,
            Environment = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES"] = "false",
                ["GF_ANALYTICS_CHECK_FOR_UPDATES"] = "false",
                ["GF_ANALYTICS_REPORTING_ENABLED"] = "false",
                ["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"] = "/etc/grafana/dashboards/farm.json",
                ["GF_LOG_MODE"] = "console",
                // Without this it downloads plugins at its start.
                ["GF_PLUGINS_PREINSTALL_DISABLED"] = "true",
                ["GF_SECURITY_ADMIN_PASSWORD__FILE"] = $"/run/secrets/{Secret.GrafanaAdmin}",
                ["GF_USERS_ALLOW_SIGN_UP"] = "false",
            },
            Files =
            [
                new($"{Provisioning}/datasources/farm.yml", DataSources()),
                new($"{Provisioning}/dashboards/farm.yml", Embedded.Text("Observability/grafana-dashboards.yml")),
                new("/etc/grafana/dashboards/farm.json", Embedded.Text("Observability/grafana-farm.json")),
            ],
            Secrets = [Secret.GrafanaAdmin],
            Networks = [Network.Monitoring, Network.Management],
            Ports = [new(farm.Options.Observability.GrafanaPort, Port) { Purpose = "Grafana", LoopbackOnly = true }],
            Mounts = [new("grafana", "/var/lib/grafana")],
            Tmpfs = [new("/tmp", ByteSize.MB(32)) { Uid = 472 }],
            Health = new HealthCheck("wget", "-q", "--spider", $"http://127.0.0.1:{Port}/api/health"),
            Calls =
            [
                new(Prometheus.Api, CallKind.Monitoring, "metrics"),
                new(Loki.Api, CallKind.Monitoring, "logs"),
                new(Tempo.Api, CallKind.Monitoring, "traces"),
                new(Alertmanager.Api, CallKind.Monitoring, "alerts"),
            ],
            Scrapes = [new(Name, ServiceEndpoint.Http(Name, Port))],
            Limits = new(Cpus: 1, ByteSize.MB(256)),
            Placement = new() { Role = NodeRole.Observability },
        };

    private static string DataSources() =>
        Embedded.Text(
            "Observability/grafana-datasources.yml",
            ("prometheus", Prometheus.Api.Address),
            ("loki", Loki.Api.Address),
            ("tempo", Tempo.Api.Address),
            ("alertmanager", Alertmanager.Api.Address)
        );
}
