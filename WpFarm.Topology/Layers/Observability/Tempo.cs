namespace WpFarm.Topology.Layers.Observability;

/// <summary>Stores traces on its own disk: one process, one copy.</summary>
internal static class Tempo
{
    public const string Name = "tempo";
    public const int Port = 3200;
    public const int OtlpPort = 4317;

    public static ServiceEndpoint Api => ServiceEndpoint.Http(Name, Port);

    /// <summary>OTLP over gRPC.</summary>
    public static ServiceEndpoint Otlp => ServiceEndpoint.Http(Name, OtlpPort);

    public static Service Service { get; } =
        new()
        {
            Name = Name,
            Layer = Layer.Observability,
            Description = "Stores and searches traces",
            Image = UpstreamImages.Tempo,
            Kind = ServiceKind.Stateful,
            Command = ["-config.file=/etc/tempo/farm.yml"],
            Environment = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["GOMEMLIMIT"] = "220MiB" },
            Files = [new("/etc/tempo/farm.yml", Embedded.Text("Observability/tempo.yml"))],
            Networks = [Network.Monitoring],
            Mounts = [new("tempo", "/var/tempo")],
            Tmpfs = [new("/tmp", ByteSize.MB(16)) { Uid = 10001, Gid = 10001 }],
            // The image has no program for a check. Prometheus sees when it does not answer.
            Health = null,
            Scrapes = [new(Name, Api)],
            Limits = new(Cpus: 1, ByteSize.MB(256)),
            Placement = new() { Role = NodeRole.Observability },
        };
}
