namespace WpFarm.Topology.Layers.Security;

/// <summary>
/// Counts failed logins in HAProxy's log, and makes CrowdSec decide to refuse the address for an hour. HAProxy's own limit on logins
/// applies to addresses that are never blocked, too.
/// </summary>
internal static class Fail2ban
{
    public const string Name = "fail2ban";
    public const int SyslogPort = 5140;

    public static ServiceEndpoint Syslog => ServiceEndpoint.Udp(Name, SyslogPort);

    private const int Uid = 900;

    public static Service Service(FarmDesign farm) =>
        new()
        {
            Name = Name,
            Layer = Layer.Security,
            Description = "Blocks addresses that guess passwords",
            Image = new Image.FirstParty("fail2ban"),
            Files =
            [
                new("/etc/rsyslog.conf", Embedded.Text("Security/fail2ban/rsyslog.conf")),
                new("/etc/fail2ban/fail2ban.local", Embedded.Text("Security/fail2ban/fail2ban.local")),
                new(
                    "/etc/fail2ban/jail.local",
                    Embedded.Text("Security/fail2ban/jail.local", ("never-blocked", string.Join(' ', NeverBlocked.Of(farm.Options.Edge))))
                ),
                new("/etc/fail2ban/filter.d/wordpress-login.conf", Embedded.Text("Security/fail2ban/filter.conf")),
                new("/etc/fail2ban/action.d/crowdsec.conf", Embedded.Text("Security/fail2ban/action.conf")),
            ],
            Secrets = [Secret.CrowdSecMachine],
            Networks = [Network.Web],
            Tmpfs =
            [
                new("/run/fail2ban", ByteSize.MB(1)) { Uid = Uid, Gid = Uid },
                new("/var/log/farm", ByteSize.MB(24)) { Uid = Uid, Gid = Uid },
                new("/tmp", ByteSize.MB(8)) { Uid = Uid, Gid = Uid },
            ],
            Health = new HealthCheck("fail2ban-client", "-s", "/run/fail2ban/fail2ban.sock", "ping"),
            Calls = [new(CrowdSec.Api, CallKind.Request, "decisions")],
            Limits = new(Cpus: 0.5, ByteSize.MB(96)),
            Placement = new() { Role = NodeRole.Edge },
        };
}
