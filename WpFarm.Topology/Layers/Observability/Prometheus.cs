using WpFarm.Topology.Layers.Application;
using WpFarm.Topology.Layers.Caching;
using WpFarm.Topology.Layers.Database;
using WpFarm.Topology.Layers.Management;
using WpFarm.Topology.Layers.ReverseProxy;
using YamlDotNet.Serialization;

namespace WpFarm.Topology.Layers.Observability;

/// <summary>
/// Metrics and alert rules. It joins every network that it reads from: the other way round, with all targets on the monitoring
/// network, WordPress could reach the database servers.
/// </summary>
internal static class Prometheus
{
    public const string Name = "prometheus";
    public const int Port = 9090;

    private const string Folder = "/etc/prometheus";

    public static Service Service(FarmDesign farm) =>
        new()
        {
            Name = Name,
            Layer = Layer.Observability,
            Description = "Collects metrics and evaluates alert rules",
            Image = new Image.FirstParty("prometheus"),
            Kind = ServiceKind.Stateful,
            Command =
            [
                $"--config.file={Folder}/prometheus.yml",
                "--storage.tsdb.path=/var/lib/prometheus",
                $"--storage.tsdb.retention.time={farm.Options.Observability.RetentionDays}d",
                // Segments of the write-ahead log: the default of 128 MB is for a hundred times as many series.
                "--storage.tsdb.wal-segment-size=16MB",
                "--query.max-concurrency=4",
                "--query.max-samples=5000000",
                // Debian's own console pages and libraries.
                "--web.console.templates=/nonexistent",
                "--web.console.libraries=/nonexistent",
            ],
            // Go gives memory back before the container's limit is reached.
            Environment = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["GOMEMLIMIT"] = "320MiB", ["GOGC"] = "50" },
            Files =
            [
                new($"{Folder}/prometheus.yml", Embedded.Text("Observability/prometheus.yml")),
                new($"{Folder}/scrapes.yml", Yaml(Scrapes(farm))),
                new($"{Folder}/alerts.yml", Embedded.Text("Observability/alerts.yml")),
            ],
            Reload = new(Folder, "bash", "-c", $"promtool check config {Folder}/prometheus.yml && kill -HUP 1"),
            Networks = [.. Network.All.Select(network => new Attachment(network.Name))],
            Ports = [new(farm.Options.Observability.PrometheusPort, Port) { Purpose = "Prometheus", LoopbackOnly = true }],
            Mounts = [new("prometheus", "/var/lib/prometheus")],
            Health = HttpCheck.Of(Port, "/-/ready"),
            Calls =
            [
                .. Scrapes(farm)
                    .Where(scrape => scrape.Through is null && scrape.Job != Name)
                    .SelectMany(scrape => scrape.Services.Select(service => new Call(service, scrape.Port, "metrics")))
                    .Distinct(),
                new(Exporters.MariaDbName, Exporters.MariaDbPort, "metrics"),
                new(Exporters.RedisName, Exporters.RedisPort, "metrics"),
            ],
            Limits = new(Cpus: 1, ByteSize.MB(384)),
            Placement = new() { Role = NodeRole.Observability },
            StopGrace = TimeSpan.FromSeconds(30),
        };

    internal static IReadOnlyList<Scrape> Scrapes(FarmDesign farm) =>
        [
            new(Name, Port, Name),
            new(Alertmanager.Name, Alertmanager.Port, Alertmanager.Name),
            new("node", Exporters.NodePort, Exporters.NodeName) { Replicated = true },
            .. Proxies(farm),
            new("wordpress", Pool.OpsPort, Pools(farm)) { Replicated = true },
            new("object-cache", Pool.OpsPort, Pools(farm)) { Replicated = true, Path = "/metrics/cache" },
            new("container", Pool.OpsPort, Pools(farm)) { Replicated = true, Path = "/metrics/container" },
            new("mariadb", DatabaseServers.Port, DatabaseServers.All(farm))
            {
                Path = "/probe",
                Through = $"{Exporters.MariaDbName}:{Exporters.MariaDbPort}",
            },
            new("redis", Redis.Port, Redis.Nodes)
            {
                Path = "/scrape",
                Through = $"{Exporters.RedisName}:{Exporters.RedisPort}",
                Scheme = "redis://",
            },
            new(Orchestrator.Name, Orchestrator.Port, Orchestrator.Name),
            .. Upstream(farm),
        ];

    private static IReadOnlyList<Scrape> Proxies(FarmDesign farm) =>
        ProxySql.Runs(farm)
            ? [new(HaProxy.Name, HaProxy.OperationsPort, HaProxy.Name), new("proxysql", ProxySql.MetricsPort, DbProxy.Name)]
            : [new(HaProxy.Name, HaProxy.OperationsPort, HaProxy.Name, DbProxy.Name)];

    private static IReadOnlyList<string> Pools(FarmDesign farm) => [.. farm.Tiers.Select(tier => Pool.Name(tier.Key))];

    /// <summary>Those whose image can be had here; a target that cannot exist would be an alert for ever.</summary>
    private static IEnumerable<Scrape> Upstream(FarmDesign farm) =>
        new (Image.Upstream Image, Scrape Scrape)[]
        {
            (UpstreamImages.Traefik, new("traefik", 8082, "traefik") { Replicated = true }),
            (UpstreamImages.CAdvisor, new(CAdvisor.Name, CAdvisor.Port, CAdvisor.Name) { Replicated = true }),
            (
                UpstreamImages.OpenTelemetryCollector,
                new(OpenTelemetryCollector.Name, OpenTelemetryCollector.OwnMetricsPort, OpenTelemetryCollector.Name)
            ),
            (UpstreamImages.OpenTelemetryCollector, new("applications", OpenTelemetryCollector.MetricsPort, OpenTelemetryCollector.Name)),
            (UpstreamImages.Loki, new(Loki.Name, Loki.Port, Loki.Name)),
            (UpstreamImages.Tempo, new(Tempo.Name, Tempo.Port, Tempo.Name)),
            (UpstreamImages.Grafana, new(Grafana.Name, Grafana.Port, Grafana.Name)),
        }
            .Where(entry => !farm.IsMissing(entry.Image))
            .Select(entry => entry.Scrape);

    private static string Yaml(IEnumerable<Scrape> scrapes) =>
        new SerializerBuilder().Build().Serialize(new { scrape_configs = scrapes.Select(scrape => scrape.ToYaml()) });
}
