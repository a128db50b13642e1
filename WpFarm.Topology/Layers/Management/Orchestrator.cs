using WpFarm.Contracts.Settings;
using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Application;
using WpFarm.Topology.Layers.Backups;
using WpFarm.Topology.Layers.Database;
using WpFarm.Topology.Layers.Edge;
using WpFarm.Topology.Layers.Observability;
using WpFarm.Topology.Layers.ReverseProxy;
using WpFarm.Topology.Layers.Security;
using WpFarm.Topology.Layers.Storage;

namespace WpFarm.Topology.Layers.Management;

/// <summary>
/// The farm's own service. It alone assigns the database roles and the size of the tiers; it runs the sites' cron and serves the API that
/// people and <c>./farm</c> use. It starts without any other service, and retries a second later whatever does not answer yet.
/// </summary>
public static class Orchestrator
{
    public const string Name = "orchestrator";
    public const int Port = 8080;

    /// <summary>Where the edges fetch the certificates, and an authority's challenges are answered.</summary>
    public static ServiceEndpoint Certificates => ServiceEndpoint.Http(Name, Port);

    public static Image.FirstParty Image { get; } = new("orchestrator");

    /// <summary>
    /// farm.json, from which this farm was built. The Orchestrator builds the same <see cref="Farm"/> from it and so knows every service.
    /// </summary>
    public const string FarmFilePath = "/etc/farm/farm.json";

    internal static Service Service(FarmDesign farm) =>
        new()
        {
            Name = Name,
            Layer = Layer.Management,
            Description = "Sets up replication, fails the database over, scales the tiers, runs the sites' cron, answers the farm's API",
            Image = Image,
            // It stores no data, but an update must stop the old one first: with two, there would not be a single authority.
            Kind = ServiceKind.Stateful,
            Environment = Environment(farm),
            Files =
            [
                new(FarmFilePath, FarmFileReader.Write(farm.Options)),
                new(OrchestratorSettings.Path, OrchestratorSettingsFile.Write(farm)),
            ],
            Secrets =
            [
                Secret.ApiToken,
                Secret.Orchestrator,
                Secret.Replication,
                Secret.CrowdSecMachine,
                Secret.MailReader,
                .. BackupStore.Of(farm)?.UsedSecrets() ?? [],
                .. UploadsBackup.RunsIn(farm) ? [Secret.BackupAgentKey] : Array.Empty<string>(),
                .. PublicAddress.NeedsCertificates(farm.Options.Edge) ? [Secret.EdgeKey] : Array.Empty<string>(),
            ],
            Networks = [Network.Management, Network.Engine, Network.Database, Network.WordPress, Network.Monitoring],
            Ports = [new(farm.Options.Management.OrchestratorPort, Port) { Purpose = "Orchestrator API", LoopbackOnly = true }],
            Tmpfs = [new("/tmp", ByteSize.MB(16)) { Uid = 902, Gid = 902 }],
            Health = HttpCheck.Of(Port, "/healthz"),
            Calls =
            [
                .. DatabaseServers.All(farm).Select(server => new Call(DatabaseServers.Sql(server), CallKind.Request, "roles")),
                .. DatabaseServers.All(farm).Select(server => new Call(Mariadb.Agent(server), CallKind.Request, "fencing, copies")),
                .. MariadbScratch.Runs(farm)
                    ?
                    [
                        new(MariadbScratch.Sql, CallKind.Request, "restored data"),
                        new(Mariadb.Agent(MariadbScratch.Name), CallKind.Request, "restores"),
                        new(WordPressScratch.Pages, CallKind.Request, "pages"),
                    ]
                    : Array.Empty<Call>(),
                new(HaProxy.Pools, CallKind.Request, "cron"),
                .. PublicAddress.NeedsCertificates(farm.Options.Edge)
                    ? [new(HaProxy.SecureEdge, CallKind.Request, "served certificates")]
                    : Array.Empty<Call>(),
                new(EngineProxy.Api, CallKind.Request, "state"),
                new(CrowdSec.Api, CallKind.Request, "bans"),
                new(Mail.Imap, CallKind.Request, "kept mail"),
                .. ReadsSignals(farm) ? [new Call(Prometheus.Api, CallKind.Request, "signals")] : Array.Empty<Call>(),
                new(Alertmanager.Api, CallKind.Request, "alerts"),
                new(ObjectStorage.S3, CallKind.Data, "backups"),
                new(UploadsBackup.Agent, CallKind.Request, "snapshots"),
                new(OpenTelemetryCollector.Otlp, CallKind.Telemetry, "telemetry"),
            ],
            Scrapes = [new(Name, ServiceEndpoint.Http(Name, Port))],
            Limits = new(Cpus: 1, ByteSize.MB(256)),
            Scales = Scales(farm),
            Project = new(OnEngine: "Engine__Project", OnSwarm: Scales(farm) ? "Engine__Swarm" : null),
            // Any manager: it must find a place after the loss of any node. The cluster state is on the database servers.
            Placement = new() { Manager = true },
        };

    private static bool Scales(FarmDesign farm) => farm.ScaledTiers.Any();

    /// <summary>True if the Orchestrator reads load from Prometheus, to scale or to recommend.</summary>
    internal static bool ReadsSignals(FarmDesign farm) => Scales(farm) || Advises(farm);

    private static bool Advises(FarmDesign farm) => farm.Options.Database.Scaling.Enabled || farm.Options.Edge.Scaling.Enabled;

    private static SortedDictionary<string, string> Environment(FarmDesign farm)
    {
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (farm.Options.Observability.Enabled && !farm.IsMissing(UpstreamImages.OpenTelemetryCollector))
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = OpenTelemetryCollector.Otlp.Address;
        return environment;
    }
}
