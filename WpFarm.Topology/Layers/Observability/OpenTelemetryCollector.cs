namespace WpFarm.Topology.Layers.Observability;

/// <summary>
/// Takes traces, logs and metrics by OTLP and hands them to Tempo, Loki and Prometheus. It joins the pools' network so that they
/// need not join its own.
/// </summary>
internal static class OpenTelemetryCollector
{
    public const string Name = "otel-collector";
    public const int GrpcPort = 4317;
    public const int HttpPort = 4318;

    /// <summary>Metrics about the collector.</summary>
    public const int OwnMetricsPort = 8888;

    /// <summary>Metrics that applications sent to it.</summary>
    public const int MetricsPort = 8889;

    /// <summary>gRPC.</summary>
    public static ServiceEndpoint Otlp => ServiceEndpoint.Http(Name, GrpcPort);

    // No health check: the image has one program and nothing else.
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
