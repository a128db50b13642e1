using WpFarm.Topology.FarmFile;

namespace WpFarm.Topology.Layers.Security;

/// <summary>
/// Detects attacks by their behaviour in HAProxy's log, and has the farm's one list of decisions about which addresses to block: its own,
/// fail2ban's and people's. The edges read the list every second and enforce it. Offline: it exchanges nothing with CrowdSec's central
/// service; the scenarios are those of Debian's package and the farm's own.
/// </summary>
internal static class CrowdSec
{
    public const string Name = "crowdsec";
    public const int ApiPort = 8080;
    public const int SyslogPort = 4242;
    public const int MetricsPort = 6060;

    /// <summary>The local API, https://crowdsecurity.github.io/api_doc/lapi.</summary>
    public static ServiceEndpoint Api => ServiceEndpoint.Http(Name, ApiPort);

    public static ServiceEndpoint Syslog => ServiceEndpoint.Udp(Name, SyslogPort);

    private const int Uid = 900;

    public static Service Service(FarmDesign farm) =>
        new()
        {
            Name = Name,
            Layer = Layer.Security,
            Description = "Detects attacks in the access log; has the decisions that the edges enforce",
            Image = new Image.FirstParty("crowdsec"),
            Kind = ServiceKind.Stateful,
            Files =
            [
                new("/etc/crowdsec/config.yaml", Embedded.Text("Security/crowdsec/config.yaml")),
                new("/etc/crowdsec/acquis.yaml", Embedded.Text("Security/crowdsec/acquis.yaml")),
                new("/etc/crowdsec/profiles.yaml", Embedded.Text("Security/crowdsec/profiles.yaml")),
                new("/etc/crowdsec/parsers/s01-parse/farm-haproxy.yaml", Embedded.Text("Security/crowdsec/farm-haproxy.yaml")),
                new("/etc/crowdsec/parsers/s02-enrich/farm-never-blocked.yaml", Whitelist(farm.Options.Edge)),
                new("/etc/crowdsec/scenarios/farm-attack.yaml", Embedded.Text("Security/crowdsec/farm-attack.yaml")),
                new("/etc/crowdsec/scenarios/farm-login.yaml", Embedded.Text("Security/crowdsec/farm-login.yaml")),
                new("/etc/crowdsec/scenarios/farm-users.yaml", Embedded.Text("Security/crowdsec/farm-users.yaml")),
            ],
            Secrets = [Secret.CrowdSecBouncer, Secret.CrowdSecMachine],
            Networks = [Network.Web, Network.Monitoring],
            Mounts = [new("crowdsec", "/var/lib/crowdsec/db")],
            Tmpfs = [new("/run/crowdsec", ByteSize.MB(1)) { Uid = Uid, Gid = Uid }, new("/tmp", ByteSize.MB(16)) { Uid = Uid, Gid = Uid }],
            Health = new HealthCheck("curl", "-fsS", "-o", "/dev/null", $"http://127.0.0.1:{ApiPort}/health"),
            Scrapes = [new(Name, ServiceEndpoint.Http(Name, MetricsPort))],
            Limits = new(Cpus: 0.5, ByteSize.MB(128)),
            Placement = new() { Role = NodeRole.Edge },
        };

    private static string Whitelist(EdgeOptions edge) =>
        Embedded.Text(
            "Security/crowdsec/farm-never-blocked.yaml",
            ("ranges", string.Concat(NeverBlocked.Of(edge).Select(range => $"    - {range}\n")))
        );
}
