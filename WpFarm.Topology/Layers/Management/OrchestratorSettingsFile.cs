using WpFarm.Contracts.Settings;
using WpFarm.Topology.Layers.Application;
using WpFarm.Topology.Layers.Backups;
using WpFarm.Topology.Layers.Database;
using WpFarm.Topology.Layers.Observability;
using WpFarm.Topology.Layers.ReverseProxy;

namespace WpFarm.Topology.Layers.Management;

/// <summary>
/// The Orchestrator's settings for a farm. They name every file that the Orchestrator reads and every address that it calls, because it
/// has no defaults for those. So a host that runs it elsewhere than in its container has to translate this file, and nothing else.
/// </summary>
internal static class OrchestratorSettingsFile
{
    public static string Write(FarmDesign farm) => SettingsJson.Write(Settings(farm));

    private static OrchestratorSettings Settings(FarmDesign farm) =>
        new()
        {
            Farm = new()
            {
                File = Orchestrator.FarmFilePath,
                MissingImages = [.. UpstreamImages.All.Where(farm.IsMissing).Select(image => image.Reference)],
            },
            Api = new() { TokenFile = Secret.PathOf(Secret.ApiToken) },
            Database = Database(farm),
            Cron = new() { Balancer = Http(HaProxy.Name, HaProxy.PoolsPort) },
            Engine = new() { Api = Http(EngineProxy.Name, EngineProxy.Port) },
            Autoscaling = new() { Prometheus = Orchestrator.ReadsSignals(farm) ? Http(Prometheus.Name, Prometheus.Port) : null },
            Backups = BackupStore.Of(farm) is { } store ? Backups(farm, store) : null,
        };

    private static DatabaseSettings Database(FarmDesign farm)
    {
        IReadOnlyList<string> servers =
        [
            .. DatabaseServers.All(farm),
            .. MariadbScratch.Runs(farm) ? [MariadbScratch.Name] : Array.Empty<string>(),
        ];
        return new()
        {
            Primaries = DatabaseServers.Primaries,
            Replicas = DatabaseServers.Replicas(farm),
            Port = DatabaseServers.Port,
            Addresses = ByServer(servers, server => new($"tcp://{server}:{DatabaseServers.Port}")),
            Agents = ByServer(servers, server => Http(server, Mariadb.AgentPort)),
            PasswordFile = Secret.PathOf(Secret.Orchestrator),
            ReplicationPasswordFile = Secret.PathOf(Secret.Replication),
        };
    }

    private static BackupSettings Backups(FarmDesign farm, ObjectStoreSettings store)
    {
        var options = farm.Options.Backups;
        return new()
        {
            Store = store,
            KeyFile = Secret.PathOf(Secret.BackupKey),
            Full = options.Full,
            Incremental = options.Incremental,
            TimeZone = options.TimeZone,
            UploadsSchedule = options.Uploads.Schedule,
            DrillSchedule = options.Drill.Schedule,
            LogInterval = TimeSpan.FromSeconds(options.LogSeconds),
            BytesPerSecond = options.MegabytesPerSecond * 1_000_000L,
            Keep = new()
            {
                PointInTime = TimeSpan.FromDays(options.Keep.PointInTimeDays),
                Hourly = options.Keep.Hourly,
                Daily = options.Keep.Daily,
                Weekly = options.Keep.Weekly,
                Monthly = options.Keep.Monthly,
                TimeZone = options.TimeZone,
            },
            Uploads = UploadsBackup.RunsIn(farm) ? Uploads() : null,
            ScratchServer = MariadbScratch.Runs(farm) ? MariadbScratch.Name : null,
            ScratchSite = MariadbScratch.Runs(farm) ? Http(WordPressScratch.Name, Pool.HttpPort) : null,
        };
    }

    private static UploadsSettings Uploads() =>
        new()
        {
            Address = Http(UploadsBackup.Name, UploadsBackup.Port),
            KeyFile = Secret.PathOf(Secret.BackupAgentKey),
            Name = UploadsBackup.Name,
        };

    private static OrderedDictionary<string, Uri> ByServer(IEnumerable<string> servers, Func<string, Uri> address) =>
        new(servers.Select(server => KeyValuePair.Create(server, address(server))));

    private static Uri Http(string service, int port) => new($"http://{service}:{port}");
}
