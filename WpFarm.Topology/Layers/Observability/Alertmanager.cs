namespace WpFarm.Topology.Layers.Observability;

/// <summary>
/// Groups and silences alerts. It notifies nobody yet: alerts are shown on its web page and in Grafana.
/// </summary>
internal static class Alertmanager
{
    public const string Name = "alertmanager";
    public const int Port = 9093;

    public static ServiceEndpoint Api => ServiceEndpoint.Http(Name, Port);

    public static Service Service { get; } =
        new()
        {
            Name = Name,
            Layer = Layer.Observability,
            Description = "Groups, silences and routes alerts",
            Image = new Image.FirstParty("alertmanager"),
            Kind = ServiceKind.Stateful,
            Command =
            [
                "--config.file=/etc/alertmanager/alertmanager.yml",
                "--storage.path=/var/lib/prometheus/alertmanager",
                // A single instance needs no gossip.
                "--cluster.listen-address=",
            ],
            Files = [new("/etc/alertmanager/alertmanager.yml", Embedded.Text("Observability/alertmanager.yml"))],
            Reload = new("/etc/alertmanager", "bash", "-c", "amtool check-config /etc/alertmanager/alertmanager.yml && kill -HUP 1"),
            Networks = [Network.Monitoring],
            Mounts = [new("alertmanager", "/var/lib/prometheus/alertmanager")],
            Health = HttpCheck.Of(Port, "/-/ready"),
            Scrapes = [new(Name, Api)],
            Limits = new(Cpus: 0.5, ByteSize.MB(96)),
            Placement = new() { Role = NodeRole.Observability },
        };
}
