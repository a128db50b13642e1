namespace WpFarm.Topology;

/// <summary>A generated value, mounted as a file, that appears in no manifest, environment, image, log or command line.</summary>
/// <param name="Name">File name under <c>/run/secrets</c>.</param>
/// <param name="Purpose">One line for people.</param>
public sealed record Secret(string Name, string Purpose)
{
    public const string SitesKey = "sites-key";
    public const string AdminKey = "admin-key";
    public const string Replication = "mariadb-replication-password";
    public const string Orchestrator = "mariadb-orchestrator-password";
    public const string SitesAdmin = "mariadb-sites-password";
    public const string Monitor = "mariadb-monitor-password";
    public const string ApiToken = "orchestrator-token";
    public const string ObjectStorageKey = "object-storage-key";
    public const string ObjectStorageHashSuffix = "object-storage-hash-suffix";
    public const string GrafanaAdmin = "grafana-admin-password";
    public const string PortainerAdmin = "portainer-admin-password";
    public const string CrowdSecBouncer = "crowdsec-bouncer-key";

    /// <summary>Every secret a farm can need, in the order they are shown.</summary>
    public static IReadOnlyList<Secret> All { get; } =
    [
        new(SitesKey, "Derives each site's database password and salts"),
        new(AdminKey, "Derives each site's first administrator password"),
        new(Replication, "MariaDB user that replicas fetch with"),
        new(Orchestrator, "MariaDB user that sets up replication and promotes"),
        new(SitesAdmin, "MariaDB user that creates the sites' databases and users"),
        new(Monitor, "MariaDB user that reads metrics"),
        new(ApiToken, "Bearer token of the Orchestrator's API"),
        new(ObjectStorageKey, "Secret key of the object storage's S3 user"),
        new(ObjectStorageHashSuffix, "Places objects on the object storage's disks; must never change"),
        new(GrafanaAdmin, "Grafana's administrator"),
        new(PortainerAdmin, "Portainer's administrator"),
        new(CrowdSecBouncer, "Traefik's key to CrowdSec's decisions"),
    ];

    internal static IReadOnlyList<Secret> UsedBy(IReadOnlyList<Service> services) =>
        All.Where(secret => services.Any(service => service.Secrets.Contains(secret.Name))).ToList();
}
