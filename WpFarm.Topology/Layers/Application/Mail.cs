using System.Globalization;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Topology.Layers.Application;

/// <summary>
/// The sites' mail server. Each site logs in as itself, and sends from its own domains only. With a relay in farm.json mail goes there;
/// without one, and for sites that are tried, it stays in the farm, where the Orchestrator reads it. Only with a relay has it a way out.
/// </summary>
public static class Mail
{
    public const string Name = "mail";

    /// <summary>The user of the mailbox with what came back. Each site has a folder in it. No id of a site begins like this.</summary>
    public const string Returned = "_returned";

    /// <summary>The name by which the Orchestrator reads a site's mailbox: the site's id, this sign, and this name.</summary>
    public const string Reader = "orchestrator";

    internal const int SubmissionPort = 2525;
    internal const int ImapPort = 1143;

    /// <summary>Domain of the farm's own mailboxes. No other mail server can reach a name under <c>invalid</c> (RFC 2606).</summary>
    private const string Mailboxes = "farm.invalid";

    /// <summary>25 MB of attachments, and a third more for their encoding: what most mail servers take.</summary>
    private static readonly ByteSize s_longestMessage = ByteSize.MB(35);

    /// <summary>The port on which a connection is encrypted from its start (RFC 8314).</summary>
    private const int ImplicitTlsPort = 465;

    private const string Folder = "/etc/farm-mail";

    internal static ServiceEndpoint Submission => new(Name, SubmissionPort, "smtp");

    /// <summary>Where the Orchestrator reads what is kept.</summary>
    internal static ServiceEndpoint Imap => new(Name, ImapPort, "imap");

    internal static Service Service(FarmDesign farm)
    {
        var relay = farm.Options.Mail.Relay;
        return new()
        {
            Name = Name,
            Layer = Layer.Application,
            Description = relay is null ? "Keeps the sites' mail in the farm" : "Sends the sites' mail",
            Image = new Image.FirstParty("mail"),
            Kind = ServiceKind.Stateful,
            Files =
            [
                new($"{Folder}/main.cf", MainCf(farm)),
                new($"{Folder}/master.cf", Embedded.Text("Application/mail/master.cf")),
                new($"{Folder}/dovecot.conf", Embedded.Text("Application/mail/dovecot.conf")),
                new($"{Folder}/sites", Table("the sites", farm.Sites.Select(site => site.Id))),
                new($"{Folder}/senders", Table("domain, and the sites that may send from it", Senders(farm.Sites))),
                new(
                    $"{Folder}/captured",
                    Table(
                        "sites whose mail stays in the farm",
                        farm.Sites.Where(site => site.CapturesMail).Select(site => $"{site.Id}\tREDIRECT {site.Id}@{Mailboxes}")
                    )
                ),
                new(
                    $"{Folder}/returned",
                    Table(
                        "the address that a site sends from, and where mail to it is kept",
                        farm.Sites.Select(site => $"{Sender(site)}\t{Returned}+{site.Id}@{Mailboxes}")
                    )
                ),
                new(
                    $"{Folder}/relay",
                    Table("the relay, and the user there", relay is { User: { } user } ? [$"{Server(relay)}\t{user}"] : [])
                ),
            ],
            Reload = new(Folder, "farm-mail", "reload"),
            Secrets = [Secret.SiteLoginKey, Secret.MailReader, .. relay?.User is null ? Array.Empty<string>() : [Secret.MailRelay]],
            Networks = relay is null ? [Network.WordPress] : [Network.WordPress, Network.Internet],
            Mounts = [new("mail", "/srv/mail")],
            Tmpfs = [new("/run/mail", ByteSize.MB(8)), new("/tmp", ByteSize.MB(8))],
            User = "0:0",
            RootReason = "Postfix's and Dovecot's masters start as root and give each part of themselves a user of its own",
            Capabilities =
            [
                new("CHOWN", "the masters give each part's directories and sockets to its user"),
                new("DAC_OVERRIDE", "the masters write into the directories of their parts"),
                new("FOWNER", "the masters set the modes of files that belong to their parts"),
                new("KILL", "the masters end their parts, which run as other users"),
                new("SETGID", "each part runs in a group of its own"),
                new("SETUID", "each part runs as a user of its own"),
            ],
            Health = new HealthCheck(
                "bash",
                "-c",
                $"exec 3<>/dev/tcp/127.0.0.1/{SubmissionPort} 4<>/dev/tcp/127.0.0.1/{ImapPort} "
                    + "&& read -rt 5 -u 3 smtp && read -rt 5 -u 4 imap && [[ $smtp == 220* && $imap == '* OK'* ]]"
            ),
            Limits = new(Cpus: 0.5, ByteSize.MB(128)),
            Placement = new() { Role = NodeRole.App },
        };
    }

    private static string MainCf(FarmDesign farm) =>
        Embedded.Text(
            "Application/mail/main.cf",
            ("host", $"mail.{farm.Options.Domain}"),
            ("message", s_longestMessage.Bytes.ToString(CultureInfo.InvariantCulture)),
            ("mailboxes", Mailboxes),
            ("relay", farm.Options.Mail.Relay is { } relay ? Relay(relay) : Kept)
        );

    /// <summary>All mail is redirected before this applies. Dovecot knows no other recipient and would refuse it.</summary>
    private const string Kept = "default_transport = lmtp:unix:/run/mail/dovecot/lmtp";

    private static string Relay(MailRelayOptions relay) =>
        string.Join(
            '\n',
            [
                $"relayhost = {Server(relay)}",
                "smtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt",
                $"smtp_tls_security_level = {(relay.Tls ? "verify" : "may")}",
                .. relay.Port == ImplicitTlsPort ? ["smtp_tls_wrappermode = yes"] : Array.Empty<string>(),
                .. relay.User is null
                    ? Array.Empty<string>()
                    :
                    [
                        "smtp_sasl_auth_enable = yes",
                        "smtp_sasl_security_options = noanonymous",
                        "smtp_sasl_password_maps = texthash:/run/mail/relay-password",
                    ],
            ]
        );

    /// <summary>In brackets: the server itself, and not the one that its domain's MX record names.</summary>
    private static string Server(MailRelayOptions relay) => $"[{relay.Host}]:{relay.Port}";

    private static string Sender(Site site) => $"wordpress@{site.MailDomains[0]}";

    private static IEnumerable<string> Senders(IEnumerable<Site> sites) =>
        sites
            .SelectMany(site => site.MailDomains.Select(domain => (Domain: domain, site.Id)))
            .GroupBy(allowed => allowed.Domain, allowed => allowed.Id, (domain, ids) => $"@{domain}\t{string.Join(',', ids)}");

    /// <summary>Never empty: a swarm refuses an empty file.</summary>
    private static string Table(string what, IEnumerable<string> lines) => $"# {what}\n{string.Concat(lines.Select(line => $"{line}\n"))}";
}
