using YamlDotNet.Serialization;

namespace WpFarm.Topology.Layers.Observability;

/// <summary>
/// Stores metrics and evaluates alert rules. It joins every network that it scrapes. The alternative, all targets on the monitoring
/// network, would let WordPress reach the database servers.
/// </summary>
internal static class Prometheus
{
    public const string Name = "prometheus";
    public const int Port = 9090;

    public static ServiceEndpoint Api => ServiceEndpoint.Http(Name, Port);

    private const string Folder = "/etc/prometheus";

    /// <param name="others">All other services of the farm. Each declares its scrapes.</param>
    public static Service Service(FarmDesign farm, IReadOnlyList<Service> others)
    {
        var scrapes = Scrapes(farm, others);
        return new Service
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
                // Segments of the write-ahead log: the default of 128 MB suits a hundred times as many series.
                "--storage.tsdb.wal-segment-size=16MB",
                "--query.max-concurrency=4",
                "--query.max-samples=5000000",
                // Disables Debian's console pages and libraries.
                "--web.console.templates=/nonexistent",
                "--web.console.libraries=/nonexistent",
            ],
            // Makes Go return memory before the container reaches its limit.
            Environment = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["GOMEMLIMIT"] = "320MiB", ["GOGC"] = "50" },
            Files =
            [
                new(
                    $"{Folder}/prometheus.yml",
                    Embedded.Text("Observability/prometheus.yml", ("alertmanager", Alertmanager.Api.HostAndPort))
                ),
                new($"{Folder}/scrapes.yml", Yaml(scrapes)),
                new($"{Folder}/alerts.yml", Embedded.Text("Observability/alerts.yml")),
            ],
            Reload = new(Folder, "bash", "-c", $"promtool check config {Folder}/prometheus.yml && kill -HUP 1"),
            Networks =
            [
                .. Network
                    .All.Select(network => network.Name)
                    .Except([Network.Internet, Network.Engine])
                    .Select(network => new Attachment(network)),
            ],
            Ports = [new(farm.Options.Observability.PrometheusPort, Port) { Purpose = "Prometheus", LoopbackOnly = true }],
            Mounts = [new("prometheus", "/var/lib/prometheus")],
            Health = HttpCheck.Of(Port, "/-/ready"),
            Calls =
            [
                .. scrapes
                    .Select(scrape => scrape.Through ?? scrape.Endpoint)
                    .Where(endpoint => endpoint != Api)
                    .Distinct()
                    .Select(endpoint => new Call(endpoint, CallKind.Monitoring, "metrics")),
            ],
            Scrapes = [Own],
            Limits = new(Cpus: 1, ByteSize.MB(384)),
            Placement = new() { Role = NodeRole.Observability },
            StopGrace = TimeSpan.FromSeconds(30),
        };
    }

    private static Scrape Own => new(Name, Api);

    /// <summary>Omits services whose image cannot be pulled here: as targets, they would raise an alert for ever.</summary>
    private static IReadOnlyList<Scrape> Scrapes(FarmDesign farm, IReadOnlyList<Service> others) =>
        [Own, .. others.Where(service => !farm.IsMissing(service.Image)).SelectMany(service => service.Scrapes)];

    private static string Yaml(IReadOnlyList<Scrape> scrapes) =>
        new SerializerBuilder()
            .Build()
            .Serialize(new { scrape_configs = scrapes.GroupBy(scrape => scrape.Job).Select(job => new ScrapeJob([.. job]).ToYaml()) });
}
