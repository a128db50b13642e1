using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Observability;
using WpFarm.Topology.Layers.Security;
using WpFarm.Topology.Layers.Storage;

namespace WpFarm.Topology;

/// <summary>
/// A generated or issued value, mounted as a file. It is in no manifest, environment, image, log or command line. While it is changed its
/// file has a second line: users of the secret send the first, and those who check it accept both.
/// </summary>
/// <param name="Name">Name of the file.</param>
/// <param name="Purpose">One line for the operator.</param>
/// <param name="Rotation">How the value can be replaced.</param>
public sealed record Secret(string Name, string Purpose, Rotation Rotation)
{
    public const string SitesKey = "sites-key";
    public const string AdminKey = "admin-key";
    public const string Replication = "mariadb-replication-password";
    public const string Orchestrator = "mariadb-orchestrator-password";
    public const string SitesAdmin = "mariadb-sites-password";
    public const string Monitor = "mariadb-monitor-password";
    public const string Scratch = "mariadb-scratch-password";
    public const string Redis = "redis-password";
    public const string ApiToken = "orchestrator-token";
    public const string ObjectStorageKey = "object-storage-key";
    public const string ObjectStorageHashSuffix = "object-storage-hash-suffix";
    public const string StoreKey = "backup-store-key";
    public const string OffSiteKey = "off-site-key";
    public const string BackupKey = "backup-key";
    public const string BackupAgentKey = "backup-agent-key";
    public const string EdgeKey = "edge-key";
    public const string GrafanaAdmin = "grafana-admin-password";
    public const string PortainerAdmin = "portainer-admin-password";
    public const string CrowdSecBouncer = "crowdsec-bouncer-key";
    public const string CrowdSecMachine = "crowdsec-machine-password";
    public const string SmtpPassword = "smtp-password";
    public const string SiteLoginKey = "site-login-key";
    public const string MailReader = "mail-reader-password";
    public const string MailRelay = "mail-relay-password";

    /// <summary>The name of a receiver's secret: this, and the receiver's name.</summary>
    public const string AlertPrefix = "alert-";

    private static readonly Rotation s_issued = new Rotation.Never("its owner gives it: ./farm secrets set");

    /// <summary>True: somebody else issues the value (a mail server, a chat). It is never generated: <c>./farm secrets set</c>.</summary>
    public bool IsIssued { get; init; }

    /// <summary>True: the value is an address of the web.</summary>
    public bool IsAddress { get; init; }

    /// <summary>Where an engine mounts secrets when it is not told otherwise.</summary>
    public const string Folder = "/run/secrets";

    /// <summary>The path of a secret's file in a container, unless its service has a folder of its own.</summary>
    public static string PathOf(string name) => $"{Folder}/{name}";

    /// <summary>Every secret that a farm can need, in the order in which they are shown.</summary>
    public static IReadOnlyList<Secret> All { get; } =
    [
        new(
            SitesKey,
            "Derives each site's database password and salts",
            new Rotation.Overlap(AcceptedBy.SiteUsers) { Notice = "everybody who is logged in at a site has to log in again" }
        ),
        new(
            AdminKey,
            "Derives each site's first administrator password",
            new Rotation.Never("a site has its password from its installation: change it in WordPress")
        ),
        new(Replication, "MariaDB user that replicas fetch with", new Rotation.Overlap(AcceptedBy.DatabaseServers) { InChannels = true }),
        new(Orchestrator, "MariaDB user that sets up replication and promotes", new Rotation.Overlap(AcceptedBy.DatabaseServers)),
        new(SitesAdmin, "MariaDB user that creates the sites' databases and users", new Rotation.Overlap(AcceptedBy.DatabaseServers)),
        new(
            Monitor,
            "MariaDB user that reads metrics",
            new Rotation.Overlap(AcceptedBy.DatabaseServers) { Restarts = Exporters.MariaDbName }
        ),
        new(
            Scratch,
            "MariaDB user that reads what was restored, on the scratch server alone",
            new Rotation.Overlap(AcceptedBy.DatabaseServers)
        ),
        new(
            Redis,
            "Lets the farm's own programs into its Redis Cluster",
            new Rotation.Overlap(AcceptedBy.RedisNodes) { Restarts = Exporters.RedisName }
        ),
        new(ApiToken, "Bearer token of the Orchestrator's API", new Rotation.Overlap(AcceptedBy.Orchestrator)),
        new(
            ObjectStorageKey,
            "Secret key of the object storage's S3 user",
            new Rotation.Restart(ObjectStorage.Name) { Notice = "a backup that is running is turned away, and has to be made again" }
        ),
        new(
            ObjectStorageHashSuffix,
            "Places objects on the object storage's disks",
            new Rotation.Never("with another the object storage would find nothing")
        ),
        new(
            StoreKey,
            "Secret key of the S3 store elsewhere that has the backups",
            new Rotation.Never("its owner gives it: put another into its file")
        ),
        new(
            OffSiteKey,
            "Secret key of the S3 store elsewhere that has copies of the backups",
            new Rotation.Never("its owner gives it: put another into its file")
        ),
        new(
            BackupKey,
            "Opens the backups; keep a copy elsewhere",
            new Rotation.Never(
                "what was backed up with it opens with it alone: another would take a new first backup of everything, "
                    + "and the old key for as long as the old ones are kept"
            )
        ),
        // Not the API's token, because people have that too, and they must give orders through the Orchestrator. Not its password for
        // MariaDB either: an attacker in a container that reads visitors' uploads would get the databases with it.
        new(
            BackupAgentKey,
            "Proves to the backup of the uploads that an order is the Orchestrator's",
            new Rotation.Overlap(AcceptedBy.UploadsBackup)
        ),
        new(
            EdgeKey,
            "Seals the sites' certificates in the database, and lets the edges fetch them",
            new Rotation.Never("with another key the certificates in the database do not open, and all would have to be issued again")
        ),
        new(GrafanaAdmin, "Grafana's administrator", new Rotation.Never("Grafana takes it at its first start only: change it in Grafana")),
        new(
            PortainerAdmin,
            "Portainer's administrator",
            new Rotation.Never("Portainer takes it at its first start only: change it in Portainer")
        ),
        new(CrowdSecBouncer, "Lets the edges read CrowdSec's decisions", new Rotation.Restart(CrowdSec.Name)),
        new(CrowdSecMachine, "Lets fail2ban and the Orchestrator decide at CrowdSec", new Rotation.Restart(CrowdSec.Name)),
        new(
            SiteLoginKey,
            "Derives each site's passwords at the mail server and at the proxy to the internet",
            new Rotation.Overlap(AcceptedBy.MailServer)
        ),
        new(MailReader, "Lets the Orchestrator read the mail that is kept in the farm", new Rotation.Overlap(AcceptedBy.MailServer)),
        new(MailRelay, "Password of mail.relay.user at the mail server", s_issued) { IsIssued = true },
        new(SmtpPassword, "Password of observability.alerts.smtp.user at the mail server", s_issued) { IsIssued = true },
    ];

    /// <summary>What a receiver of alerts needs and nobody else may know: the address of a chat's webhook, or a token.</summary>
    public static Secret OfReceiver(string receiver, bool isAddress = false) =>
        new(
            AlertPrefix + receiver,
            $"{(isAddress ? "Address" : "Address or token")} of observability.alerts.receivers.{receiver}",
            s_issued
        )
        {
            IsIssued = true,
            IsAddress = isAddress,
        };

    internal static IReadOnlyList<Secret> UsedBy(IReadOnlyList<Service> services, FarmOptions options) =>
        [
            .. All.Concat(
                    options
                        .Observability.Alerts.Receivers.Where(receiver => receiver.Value.HasSecret)
                        .Select(receiver => OfReceiver(receiver.Key, receiver.Value.HasSecretAddress))
                )
                .Where(secret => services.Any(service => service.Secrets.Contains(secret.Name))),
        ];
}
