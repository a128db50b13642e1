namespace WpFarm.Topology;

/// <summary>Every image that is pulled instead of built, at a pinned version. This is the only place to change a version.</summary>
public static class UpstreamImages
{
    public static readonly Image.Upstream Traefik = new("traefik", "v3.5.4");
    public static readonly Image.Upstream Grafana = new("grafana/grafana-oss", "12.2.1");
    public static readonly Image.Upstream Loki = new("grafana/loki", "3.5.7");
    public static readonly Image.Upstream Tempo = new("grafana/tempo", "2.9.0");
    public static readonly Image.Upstream OpenTelemetryCollector = new("otel/opentelemetry-collector-contrib", "0.138.0");
    public static readonly Image.Upstream CAdvisor = new("ghcr.io/google/cadvisor", "v0.53.0");
    public static readonly Image.Upstream Portainer = new("portainer/portainer-ce", "2.33.3");
    public static readonly Image.Upstream MinIO = new("quay.io/minio/minio", "RELEASE.2025-09-07T16-13-09Z");
    public static readonly Image.Upstream ProxySQL = new("proxysql/proxysql", "3.0.3");

    public static IReadOnlyList<Image.Upstream> All { get; } =
    [Traefik, Grafana, Loki, Tempo, OpenTelemetryCollector, CAdvisor, Portainer, MinIO, ProxySQL];
}
