namespace WpFarm.Topology.Layers.Observability;

/// <summary>Stores logs on its own disk: one process, one copy.</summary>
internal static class Loki
{
    public const string Name = "loki";
    public const int Port = 3100;

    public static ServiceEndpoint Api => ServiceEndpoint.Http(Name, Port);

    public static Service Service(FarmDesign farm) =>
        new()
        {
            Name = Name,
            Layer = Layer.Observability,
            Description = "Stores and searches logs",
            Image = UpstreamImages.Loki,
            Kind = ServiceKind.Stateful,
            Command = ["-config.file=/etc/loki/farm.yml"],
            Environment = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["GOMEMLIMIT"] = "220MiB" },
            Files =
            [
                new(
                    "/etc/loki/farm.yml",
                    Embedded.Text("Observability/loki.yml", ("retention-days", $"{farm.Options.Observability.RetentionDays}"))
                ),
            ],
            Networks = [Network.Monitoring],
            Mounts = [new("loki", "/loki")],
            Tmpfs = [new("/tmp", ByteSize.MB(16)) { Uid = 10001, Gid = 10001 }],
            // The image has no other program.
            Health = new HealthCheck("/usr/bin/loki", "-health", $"-health.url=http://127.0.0.1:{Port}/ready"),
            Scrapes = [new(Name, Api)],
            Limits = new(Cpus: 1, ByteSize.MB(256)),
            Placement = new() { Role = NodeRole.Observability },
        };
}
