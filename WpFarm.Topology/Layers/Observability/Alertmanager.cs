using WpFarm.Topology.FarmFile;

namespace WpFarm.Topology.Layers.Observability;

/// <summary>
/// Groups and inhibits alerts, and tells the receivers of farm.json. It has a way out of the farm only where there is a receiver. Its image
/// is used by the tests of its routes, too.
/// </summary>
public static class Alertmanager
{
    public const string Name = "alertmanager";

    /// <summary>The receiver that tells nobody.</summary>
    public const string Nobody = "nobody";

    /// <summary>A test of a receiver, which the label <see cref="TestedReceiver"/> names.</summary>
    public const string TestAlert = "AlertTest";
    public const string TestedReceiver = "receiver";

    /// <summary>Always fires, for receivers that notice when it stays away.</summary>
    public const string Heartbeat = "Watchdog";

    /// <summary>A receiver was not told of something.</summary>
    public const string NotDelivered = "AlertsNotDelivered";

    /// <summary>The label of Alertmanager's metrics that names the receiver.</summary>
    public const string ReceiverMetricLabel = "receiver_name";

    internal const int Port = 9093;

    private const string Folder = "/etc/alertmanager";

    internal static ServiceEndpoint Api => ServiceEndpoint.Http(Name, Port);

    internal static Service Service(FarmDesign farm)
    {
        var options = farm.Options.Observability.Alerts;
        return new()
        {
            Name = Name,
            Layer = Layer.Observability,
            Description = "Groups, inhibits and silences alerts, and tells their receivers",
            Image = new Image.FirstParty("alertmanager"),
            Kind = ServiceKind.Stateful,
            Command =
            [
                $"--config.file={Folder}/alertmanager.yml",
                "--storage.path=/var/lib/prometheus/alertmanager",
                // A single instance needs no gossip.
                "--cluster.listen-address=",
                // Its metrics tell which receiver does not get its notifications.
                "--enable-feature=receiver-name-in-metrics",
            ],
            Files =
            [
                new($"{Folder}/alertmanager.yml", AlertmanagerFile.Write(options)),
                new($"{Folder}/messages.tmpl", AlertmanagerFile.Messages(farm.Options)),
            ],
            Reload = new(Folder, "bash", "-c", $"amtool check-config {Folder}/alertmanager.yml && kill -HUP 1"),
            Secrets = [.. Secrets(options)],
            Networks = options.Receivers.Count > 0 ? [Network.Monitoring, Network.Management] : [Network.Monitoring],
            Mounts = [new("alertmanager", "/var/lib/prometheus/alertmanager")],
            Health = HttpCheck.Of(Port, "/-/ready"),
            Scrapes = [new(Name, Api)],
            Limits = new(Cpus: 0.5, ByteSize.MB(96)),
            Placement = new() { Role = NodeRole.Observability },
        };
    }

    private static IEnumerable<string> Secrets(AlertOptions options) =>
        options
            .Receivers.Where(receiver => receiver.Value.HasSecret)
            .Select(receiver => Secret.OfReceiver(receiver.Key, receiver.Value.HasSecretAddress).Name)
            .Concat(options is { SendsMail: true, Smtp.User: not null } ? [Secret.SmtpPassword] : []);
}
