using System.Text.Json;
using System.Text.Json.Serialization;
using WpFarm.Topology.Layers.Backups;
using WpFarm.Topology.Layers.Database;
using WpFarm.Topology.Layers.Observability;
using WpFarm.Topology.Layers.ReverseProxy;

namespace WpFarm.Topology.Layers.Management;

/// <summary>
/// The Orchestrator's settings file: what differs from its defaults. It names every file that the Orchestrator reads and every address
/// that it calls, because the Orchestrator has no defaults for those. So a host that runs it elsewhere than in its container has to
/// translate this file, and nothing else.
/// </summary>
public static class OrchestratorSettings
{
    public const string Path = "/etc/farm/orchestrator.json";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    internal static string Write(FarmDesign farm) => JsonSerializer.Serialize(Settings(farm), s_json) + "\n";

    private static object Settings(FarmDesign farm) =>
        new
        {
            Farm = new
            {
                File = Orchestrator.FarmFilePath,
                MissingImages = UpstreamImages.All.Where(farm.IsMissing).Select(image => image.Reference),
            },
            Api = new { TokenFile = Secret.PathOf(Secret.ApiToken) },
            Database = Database(farm),
            Cron = new { Balancer = HaProxy.Pools.Address },
            Engine = new { Api = EngineProxy.Api.Address },
            Autoscaling = Orchestrator.ReadsSignals(farm) ? new { Prometheus = Prometheus.Api.Address } : null,
            Backups = Backups(farm),
        };

    private static object Database(FarmDesign farm)
    {
        IReadOnlyList<string> servers =
        [
            .. DatabaseServers.All(farm),
            .. MariadbScratch.Runs(farm) ? [MariadbScratch.Name] : Array.Empty<string>(),
        ];
        return new
        {
            DatabaseServers.Primaries,
            Replicas = DatabaseServers.Replicas(farm),
            Addresses = servers.ToDictionary(server => server, server => DatabaseServers.Sql(server).Address),
            Agents = servers.ToDictionary(server => server, server => Mariadb.Agent(server).Address),
            PasswordFile = Secret.PathOf(Secret.Orchestrator),
            ReplicationPasswordFile = Secret.PathOf(Secret.Replication),
        };
    }

    private static object? Backups(FarmDesign farm) =>
        BackupStore.Of(farm) is not { } store
            ? null
            : new
            {
                Store = store,
                KeyFile = Secret.PathOf(Secret.BackupKey),
                farm.Options.Backups.Full,
                farm.Options.Backups.Incremental,
                farm.Options.Backups.TimeZone,
                UploadsSchedule = farm.Options.Backups.Uploads.Schedule,
                DrillSchedule = farm.Options.Backups.Drill.Schedule,
                LogInterval = TimeSpan.FromSeconds(farm.Options.Backups.LogSeconds),
                BytesPerSecond = farm.Options.Backups.MegabytesPerSecond * 1_000_000L,
                Keep = new
                {
                    PointInTime = TimeSpan.FromDays(farm.Options.Backups.Keep.PointInTimeDays),
                    farm.Options.Backups.Keep.Hourly,
                    farm.Options.Backups.Keep.Daily,
                    farm.Options.Backups.Keep.Weekly,
                    farm.Options.Backups.Keep.Monthly,
                    farm.Options.Backups.TimeZone,
                },
                Uploads = UploadsBackup.RunsIn(farm)
                    ? new { Address = UploadsBackup.Agent.Address, KeyFile = Secret.PathOf(Secret.BackupAgentKey) }
                    : null,
                ScratchServer = MariadbScratch.Runs(farm) ? MariadbScratch.Name : null,
                ScratchSite = MariadbScratch.Runs(farm) ? WordPressScratch.Pages.Address : null,
            };
}
