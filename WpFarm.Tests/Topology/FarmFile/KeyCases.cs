namespace WpFarm.Tests.Topology.FarmFile;

/// <summary>Facts about keys that <see cref="EveryKeyTests"/> cannot derive from the options' types.</summary>
internal static class KeyCases
{
    /// <summary>
    /// For a key, or every key below it: the farm in which it matters, where it does not in the farm of an empty farm.json. The longest
    /// path counts.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Farms { get; } =
        new Dictionary<string, string>
        {
            ["edge.httpsPort"] = LetsEncrypt,
            ["edge.acme.directory"] = LetsEncrypt,
            ["edge.acme.roots"] = LetsEncrypt,
            ["edge.email"] = LetsEncrypt,
            ["edge.countryDatabase"] = """{"edge": {"countryDatabase": "countries.mmdb", "deny": ["country:DE"]}}""",
            ["edge.asnDatabase"] = """{"edge": {"asnDatabase": "asn.mmdb", "deny": ["AS64496"]}}""",
            ["edge.scaling"] = """
                {"registry": "registry.example.com/wpfarm", "swarm": {"nodes": 3},
                 "storage": {"uploads": "path", "uploadsPath": "/mnt/uploads"},
                 "edge": {"scaling": {"enabled": true, "downAfterSeconds": 60}}}
                """,
            ["tiers.NAME.scaling"] = """
                {"tiers": {"bronze": {"scaling": {"enabled": true, "downAfterSeconds": 60,
                 "schedules": {"evening": {"start": "0 13 * * *", "hours": 1, "min": 3, "max": 5}}}}}}
                """,
            ["database.scaling"] = """{"database": {"scaling": {"enabled": true, "downAfterSeconds": 60}}}""",
            ["storage.uploads"] = """{"storage": {"uploadsPath": "/mnt/uploads"}}""",
            ["storage.uploadsPath"] = """{"storage": {"uploads": "path", "uploadsPath": "/mnt/uploads"}}""",
            ["storage.nfsExport"] = """{"storage": {"uploads": "nfs", "nfsExport": "10.0.0.5:/export/uploads"}}""",
            ["backups.store"] = """{"backups": {"store": {"endpoint": "https://s3.example.com", "bucket": "farm", "accessKey": "farm"}}}""",
            ["backups.offSite"] =
                """{"backups": {"offSite": {"endpoint": "https://s3.example.com", "bucket": "farm", "accessKey": "farm"}}}""",
            ["observability.alerts"] = """
                {"observability": {"alerts": {"repository": "https://git.example.com/farm/blob/main",
                 "smtp": {"host": "mail.example.com", "from": "farm@example.com", "user": "farm"},
                 "receivers": {"oncall": {"type": "mail", "address": "ops@example.com"}}}}}
                """,
            ["observability.alerts.smtp.tls"] = """
                {"observability": {"alerts": {"smtp": {"host": "mail.example.com", "from": "farm@example.com"},
                 "receivers": {"oncall": {"type": "mail", "address": "ops@example.com"}}}}}
                """,
            ["observability.alerts.receivers.NAME.type"] = Webhook,
            ["observability.alerts.receivers.NAME.token"] = Webhook,
            ["management.portainerPort"] = """{"management": {"portainer": true}}""",
            ["mail.relay"] = """{"mail": {"relay": {"host": "smtp.example.com", "user": "farm"}}}""",
            ["mail.relay.tls"] = Relay,
            ["sites.NAME.mail.capture"] = Relay,
            ["swarm.nodes"] = SharedUploads,
            ["swarm.nodeMemory"] = """{"swarm": {"nodeMemory": "8G"}}""",
        };

    /// <summary>Another valid value, as JSON, for keys whose type does not suggest one.</summary>
    public static IReadOnlyDictionary<string, string> Values { get; } =
        new Dictionary<string, string>
        {
            ["domain"] = "\"example.com\"",
            ["registry"] = "\"registry.example.com/wpfarm\"",
            ["edge.tls"] = "\"local\"",
            ["edge.acme.directory"] = "\"https://acme.example.org/directory\"",
            ["edge.acme.roots"] = "\"-----BEGIN CERTIFICATE-----\\n\"",
            ["edge.trustedProxies"] = "[\"203.0.113.7\"]",
            ["edge.allow"] = "[\"203.0.113.0/24\"]",
            ["edge.deny"] = "[\"203.0.113.0/24\"]",
            ["edge.countryDatabase"] = "\"newer.mmdb\"",
            ["edge.asnDatabase"] = "\"newer.mmdb\"",
            ["sites.NAME.allow"] = "[\"203.0.113.0/24\"]",
            ["sites.NAME.deny"] = "[\"203.0.113.0/24\"]",
            ["tiers.NAME.waf"] = "\"detect\"",
            ["sites.NAME.waf"] = "\"detect\"",
            ["sites.NAME.wafExcept"] = "[\"942100\"]",
            ["edge.email"] = "\"webmaster@example.com\"",
            ["tiers.NAME.scaling.schedules.NAME.start"] = "\"30 13 * * *\"",
            ["tiers.NAME.scaling.schedules.NAME.timeZone"] = "\"Europe/Berlin\"",
            ["sites.NAME.tier"] = "\"gold\"",
            ["sites.NAME.title"] = "\"The Diary\"",
            ["sites.NAME.hosts"] = "[\"diary.example.com\"]",
            ["sites.NAME.owner"] = "\"owner@example.com\"",
            ["sites.NAME.locale"] = "\"de_DE\"",
            ["caching.ownCookies"] = "[\"currency_*\"]",
            ["caching.ignoredParameters"] = "[\"campaign\"]",
            ["database.proxy"] = "\"proxysql\"",
            ["storage.uploads"] = "\"path\"",
            ["storage.uploadsPath"] = "\"/srv/shared\"",
            ["storage.nfsExport"] = "\"10.0.0.6:/export/uploads\"",
            ["storage.objectStorage"] = "\"minio\"",
            ["backups.full"] = "\"0 5 * * *\"",
            ["backups.incremental"] = "\"*/5 * * * *\"",
            ["backups.timeZone"] = "\"Europe/Berlin\"",
            ["backups.store.endpoint"] = "\"https://other.example.com\"",
            ["backups.store.bucket"] = "\"other\"",
            ["backups.store.accessKey"] = "\"other\"",
            ["backups.store.region"] = "\"eu-central-1\"",
            ["backups.offSite.endpoint"] = "\"https://other.example.com\"",
            ["backups.offSite.bucket"] = "\"other\"",
            ["backups.offSite.accessKey"] = "\"other\"",
            ["backups.offSite.region"] = "\"eu-central-1\"",
            ["backups.uploads.schedule"] = "\"0 5 * * *\"",
            ["backups.drill.schedule"] = "\"0 5 * * *\"",
            ["observability.alerts.repository"] = "\"https://git.example.com/farm/blob/other\"",
            ["observability.alerts.smtp.host"] = "\"smtp.example.com\"",
            ["observability.alerts.smtp.from"] = "\"alerts@example.com\"",
            ["observability.alerts.smtp.user"] = "\"alerts\"",
            ["observability.alerts.receivers.NAME.type"] = "\"ntfy\"",
            ["observability.alerts.receivers.NAME.address"] = "\"oncall@example.com\"",
            ["observability.alerts.receivers.NAME.severity"] = "\"critical\"",
            ["egress.private"] = "[\"10.0.5.0/24\"]",
            ["tiers.NAME.egress"] = "[\"stripe.com\"]",
            ["mail.relay.host"] = "\"mail.example.com\"",
            ["mail.relay.port"] = "465",
            ["mail.relay.user"] = "\"shops\"",
            ["sites.NAME.mail.domains"] = "[\"example.com\"]",
            ["swarm.nodeMemory"] = "\"1G\"",
        };

    /// <summary>Keys that render nothing: the other value makes farm.json invalid.</summary>
    public static IReadOnlyDictionary<string, OnlyChecked> Checked { get; } =
        new Dictionary<string, OnlyChecked>
        {
            ["swarm.nodeMemory"] = new(
                "The rules compare it with replicas.max; a swarm knows its nodes itself.",
                "tiers.bronze.replicas.max"
            ),
        };

    private const string Relay = """{"mail": {"relay": {"host": "smtp.example.com"}}}""";

    private const string Webhook =
        """{"observability": {"alerts": {"receivers": {"oncall": {"type": "webhook", "address": "https://hooks.example.com/farm"}}}}}""";

    private const string LetsEncrypt =
        """{"domain": "example.com", "edge": {"httpPort": 80, "tls": "letsencrypt", "email": "ops@example.com"}}""";

    private const string SharedUploads = """
        {"registry": "registry.example.com/wpfarm", "swarm": {"nodes": 3},
         "storage": {"uploads": "path", "uploadsPath": "/mnt/uploads"}}
        """;

    public static string FarmOf(string path) =>
        Farms.Where(farm => IsAt(path, farm.Key)).OrderBy(farm => farm.Key.Length).Select(farm => farm.Value).LastOrDefault("{}");

    /// <summary>True when a key equals another one or is below it.</summary>
    public static bool IsAt(string path, string above) => path == above || path.StartsWith(above + ".", StringComparison.Ordinal);
}

/// <param name="Why">Why the key renders nothing.</param>
/// <param name="RejectedKey">The key at which the problem is reported.</param>
internal sealed record OnlyChecked(string Why, string RejectedKey);
