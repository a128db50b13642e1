using System.Text.Json;
using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Database;
using WpFarm.Topology.Layers.Observability;
using WpFarm.Topology.Layers.ReverseProxy;

namespace WpFarm.Topology.Layers.Management;

/// <summary>
/// The farm's own service: the single authority for the database's roles, the sites' clock, and the API that people and
/// <c>./farm</c> ask. It needs nobody at its start; what is not there yet it asks again a second later.
/// </summary>
internal static class Orchestrator
{
    public const string Name = "orchestrator";
    public const int Port = 8080;

    /// <summary>The options this farm was built from: the Orchestrator builds the same <see cref="Farm"/> again and knows every service.</summary>
    private const string FarmFilePath = "/etc/farm/farm.json";

    /// <summary>Settings of the Orchestrator itself that differ from its defaults.</summary>
    private const string SettingsPath = "/etc/farm/orchestrator.json";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Service Service(FarmDesign farm) => new()
    {
        Name = Name,
        Layer = Layer.Management,
        Description = "Sets up replication, fails the database over, runs the sites' cron, answers the farm's API",
        Image = new Image.FirstParty("orchestrator"),
        // Not that it had data: an update must stop the old one first, since two at a time are no single authority.
        Kind = ServiceKind.Stateful,
        Environment = Environment(farm),
        Files =
        [
            new(FarmFilePath, FarmFileReader.Write(farm.Options)),
            new(SettingsPath, JsonSerializer.Serialize(Settings(farm), s_json) + "\n"),
        ],
        Secrets = [Secret.ApiToken, Secret.Orchestrator, Secret.Replication],
        Networks = [Network.Management, Network.Database, Network.WordPress, Network.Monitoring],
        Ports = [new(farm.Options.Management.OrchestratorPort, Port) { Purpose = "Orchestrator API", LoopbackOnly = true }],
        Tmpfs = [new("/tmp", ByteSize.MB(16)) { Uid = 902, Gid = 902 }],
        Health = HttpCheck.Of(Port, "/healthz"),
        Calls =
        [
            .. DatabaseServers.All(farm).Select(server => new Call(server, DatabaseServers.Port, "roles")),
            .. DatabaseServers.All(farm).Select(server => new Call(server, Mariadb.RoleCheckPort, "fencing")),
            new(HaProxy.Name, HaProxy.PoolsPort, "cron"),
            new(EngineProxy.Name, EngineProxy.Port, "state"),
            new(OpenTelemetryCollector.Name, OpenTelemetryCollector.GrpcPort, "telemetry"),
        ],
        Limits = new(Cpus: 1, ByteSize.MB(192)),
        // Not on one node for administration: the loss of any must leave it a place. What it knows is on the database servers.
        Placement = new() { Manager = true },
    };

    private static SortedDictionary<string, string> Environment(FarmDesign farm)
    {
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (farm.Options.Observability.Enabled && !farm.IsMissing(UpstreamImages.OpenTelemetryCollector))
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{OpenTelemetryCollector.Name}:{OpenTelemetryCollector.GrpcPort}";
        return environment;
    }

    private static object Settings(FarmDesign farm) => new
    {
        Farm = new { MissingImages = UpstreamImages.All.Where(farm.IsMissing).Select(image => image.Reference) },
        Database = new { DatabaseServers.Primaries, Replicas = DatabaseServers.Replicas(farm) },
    };
}
