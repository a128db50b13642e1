namespace WpFarm.Topology.Layers.Observability;

/// <summary>
/// Receives traces, logs and metrics over OTLP and forwards them to Tempo, Loki and Prometheus. It joins the pools' network, so that
/// the pools need not join the monitoring network.
/// </summary>
internal static class OpenTelemetryCollector
{
    public const string Name = "otel-collector";
    public const int GrpcPort = 4317;
    public const int HttpPort = 4318;

    /// <summary>Port of the collector's metrics about itself.</summary>
    public const int OwnMetricsPort = 8888;

    /// <summary>Port of the metrics that applications sent to the collector.</summary>
    public const int MetricsPort = 8889;

    /// <summary>OTLP over gRPC.</summary>
    public static ServiceEndpoint Otlp => ServiceEndpoint.Http(Name, GrpcPort);

    // No health check: the image contains no other program.
    public static Service Service { get; } =
        new()
        {
            Name = Name,
            Layer = Layer.Observability,
            Description = "Receives OTLP from the applications",
            Image = UpstreamImages.OpenTelemetryCollector,
            Command = ["--config=/etc/otel/config.yml"],
            Environment = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["GOMEMLIMIT"] = "160MiB" },
            Files = [new("/etc/otel/config.yml", Configuration())],
            Networks = [Network.Monitoring, Network.WordPress],
            Calls = [new(Tempo.Otlp, CallKind.Telemetry, "traces"), new(Loki.Api, CallKind.Telemetry, "logs")],
            Scrapes = [new(Name, ServiceEndpoint.Http(Name, OwnMetricsPort)), new("applications", ServiceEndpoint.Http(Name, MetricsPort))],
            Limits = new(Cpus: 1, ByteSize.MB(192)),
            Placement = new() { Role = NodeRole.Observability },
        };

    private static string Configuration() =>
        Embedded.Text("Observability/otel-collector.yml", ("traces", Tempo.Otlp.HostAndPort), ("logs", Loki.Api.Address));
}
