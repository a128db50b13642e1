using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Nodes;

namespace WpFarm.Deployment.Audit;

/// <summary>
/// Judges the keys of a valid farm.json that make a farm weak. A farm without a public host name is a trial on somebody's own machine, so
/// most of them are advice there. Pure.
/// </summary>
internal static class SettingsAudit
{
    /// <summary>From this many managers on, a swarm survives the loss of one.</summary>
    private const int ManagersForAvailability = 3;

    public static IReadOnlyList<AuditFinding> Judge(FarmOptions options)
    {
        var findings = new List<AuditFinding>();
        var grave = options.HasPublicHosts() ? AuditVerdict.Mend : AuditVerdict.Advice;
        Edge(options, grave, findings);
        Backups(options.Backups, grave, findings);
        Alerts(options.Observability, findings);
        Mail(options, findings);
        Swarm(options.Swarm, findings);
        if (findings.Count == 0)
            findings.Add(new(AuditArea.Settings, AuditVerdict.Good, "farm.json", "no key makes the farm weak"));
        return findings;
    }

    private static void Edge(FarmOptions options, AuditVerdict grave, List<AuditFinding> findings)
    {
        var edge = options.Edge;
        if (edge.Tls is TlsMode.Off && options.HasPublicHosts())
            findings.Add(
                Finding(
                    grave,
                    "edge.tls",
                    "is off: whoever is on the way reads the passwords of the sites' users",
                    "set it to letsencrypt, files or proxy: docs/https.md"
                )
            );
        if (edge.Tls is TlsMode.Local && options.HasPublicHosts())
            findings.Add(
                Finding(
                    grave,
                    "edge.tls",
                    "is local: no visitor's browser accepts the certificates",
                    "set it to letsencrypt, files or proxy"
                )
            );
        if (
            edge is { Tls: TlsMode.LetsEncrypt, Acme: { Roots: null } acme }
            && acme.Directory.Contains("staging", StringComparison.Ordinal)
        )
            findings.Add(
                Finding(
                    AuditVerdict.Mend,
                    "edge.acme.directory",
                    "is an authority for trials: no browser accepts its certificates",
                    "leave the key out for Let's Encrypt"
                )
            );
        if (edge.RequestsPerSecond == 0)
            findings.Add(
                Finding(
                    grave,
                    "edge.requestsPerSecond",
                    "is 0: one address can keep all PHP workers busy",
                    $"leave the key out for {new EdgeOptions().RequestsPerSecond}"
                )
            );
    }

    private static void Backups(BackupOptions backups, AuditVerdict grave, List<AuditFinding> findings)
    {
        if (!backups.Enabled)
        {
            findings.Add(Finding(grave, "backups.enabled", "is false: a wrong DELETE is final", "leave the key out, or set it to true"));
            return;
        }

        if (backups is { Store: null, OffSite: null })
            findings.Add(
                Finding(
                    AuditVerdict.Advice,
                    "backups.offSite",
                    "is not set: the loss of this place is the loss of the backups",
                    "name a bucket at another site: docs/backups.md"
                )
            );
        if (!backups.Drill.Enabled)
            findings.Add(
                Finding(
                    AuditVerdict.Advice,
                    "backups.drill.enabled",
                    "is false: nobody knows whether the backups can be restored",
                    "leave the key out, or set it to true"
                )
            );
        if (backups.Store is { Endpoint: var store } && IsPlain(store))
            findings.Add(PlainStore("backups.store.endpoint", store));
        if (backups.OffSite is { Endpoint: var offSite } && IsPlain(offSite))
            findings.Add(PlainStore("backups.offSite.endpoint", offSite));
    }

    private static bool IsPlain(string endpoint) => endpoint.StartsWith("http:", StringComparison.OrdinalIgnoreCase);

    private static AuditFinding PlainStore(string key, string endpoint) =>
        Finding(
            AuditVerdict.Advice,
            key,
            $"is {endpoint}: backups are sealed, but whoever is on the way can repeat or suppress requests",
            "use the server's https address"
        );

    private static void Alerts(ObservabilityOptions observability, List<AuditFinding> findings)
    {
        if (!observability.Enabled)
            findings.Add(
                Finding(
                    AuditVerdict.Advice,
                    "observability.enabled",
                    "is false: nothing notices an attack or a failure",
                    "leave the key out, or set it to true"
                )
            );
        else if (observability.Alerts.Receivers.Count == 0)
            findings.Add(
                Finding(
                    AuditVerdict.Advice,
                    "observability.alerts.receivers",
                    "is empty: nobody is told of an alert",
                    "name who is told: docs/alerts.md"
                )
            );
        if (observability.Alerts.Smtp is { Tls: false })
            findings.Add(PlainMail("observability.alerts.smtp.tls"));
    }

    private static void Mail(FarmOptions options, List<AuditFinding> findings)
    {
        if (options.Mail.Relay is { Tls: false })
            findings.Add(PlainMail("mail.relay.tls"));
    }

    private static AuditFinding PlainMail(string key) =>
        Finding(
            AuditVerdict.Advice,
            key,
            "is false: mail, and the password for the server, can go unencrypted",
            "leave the key out unless the server is in a trusted network"
        );

    private static void Swarm(SwarmOptions swarm, List<AuditFinding> findings)
    {
        var managers = NodePlan.Of(swarm.Nodes).Count(node => node.Manager);
        if (swarm.Nodes > 1 && managers < ManagersForAvailability)
            findings.Add(
                Finding(
                    AuditVerdict.Advice,
                    "swarm.nodes",
                    $"is {swarm.Nodes}: with {managers} manager the loss of one node can stop all changes of the swarm",
                    $"use {ManagersForAvailability} nodes or more"
                )
            );
        if (swarm is { Nodes: > 1, EncryptNetworks: false })
            findings.Add(
                Finding(
                    AuditVerdict.Advice,
                    "swarm.encryptNetworks",
                    "is false: whoever reads the network between the nodes reads the services' traffic",
                    "leave the key out unless the network is encrypted already"
                )
            );
    }

    private static AuditFinding Finding(AuditVerdict verdict, string key, string detail, string toDo) =>
        new(AuditArea.Settings, verdict, key, detail, toDo);
}
