namespace WpFarm.Topology.Layers.Security;

/// <summary>
/// Detects attacks by their behaviour in HAProxy's log, and stores the decisions about which addresses to block. Offline: it exchanges
/// nothing with CrowdSec's central service; the scenarios are those of Debian's package.
/// </summary>
internal static class CrowdSec
{
    public const string Name = "crowdsec";
    public const int ApiPort = 8080;
    public const int SyslogPort = 4242;
    public const int MetricsPort = 6060;

    public static ServiceEndpoint Syslog => ServiceEndpoint.Udp(Name, SyslogPort);

    private const int Uid = 900;

    public static Service Service() =>
        new()
        {
            Name = Name,
            Layer = Layer.Security,
            Description = "Detects attacks in the access log; decisions for Traefik's bouncer",
            Image = new Image.FirstParty("crowdsec"),
            Kind = ServiceKind.Stateful,
            Files =
            [
                new("/etc/crowdsec/config.yaml", Embedded.Text("Security/crowdsec/config.yaml")),
                new("/etc/crowdsec/acquis.yaml", Embedded.Text("Security/crowdsec/acquis.yaml")),
                new("/etc/crowdsec/profiles.yaml", Embedded.Text("Security/crowdsec/profiles.yaml")),
                new("/etc/crowdsec/parsers/s01-parse/farm-haproxy.yaml", Embedded.Text("Security/crowdsec/farm-haproxy.yaml")),
            ],
            Secrets = [Secret.CrowdSecBouncer],
            Networks = [Network.Web],
            Mounts = [new("crowdsec", "/var/lib/crowdsec/db")],
            Tmpfs = [new("/run/crowdsec", ByteSize.MB(1)) { Uid = Uid, Gid = Uid }, new("/tmp", ByteSize.MB(16)) { Uid = Uid, Gid = Uid }],
            Health = new HealthCheck("curl", "-fsS", "-o", "/dev/null", $"http://127.0.0.1:{ApiPort}/health"),
            Limits = new(Cpus: 0.5, ByteSize.MB(128)),
            Placement = new() { Role = NodeRole.Edge },
        };
}
