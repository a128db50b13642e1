using WpFarm.Contracts.Settings;
using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Application;
using WpFarm.Topology.Layers.Backups;
using WpFarm.Topology.Layers.Database;
using WpFarm.Topology.Layers.Edge;
using WpFarm.Topology.Layers.Observability;
using WpFarm.Topology.Layers.ReverseProxy;
using WpFarm.Topology.Layers.Security;

namespace WpFarm.Topology.Layers.Management;

/// <summary>
/// Renders the Orchestrator's settings for a farm. They contain every file that it reads and every address that it calls, because it
/// has no defaults for those. A host that runs it outside its container has to translate this file and nothing else.
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
            Cron = new() { Balancer = new(HaProxy.Pools.Address) },
            Engine = new() { Api = new(EngineProxy.Api.Address) },
            Security = new() { CrowdSec = new(CrowdSec.Api.Address), PasswordFile = Secret.PathOf(Secret.CrowdSecMachine) },
            Mail = new() { Imap = new(Mail.Imap.Address), PasswordFile = Secret.PathOf(Secret.MailReader) },
            Autoscaling = new() { Prometheus = Orchestrator.ReadsSignals(farm) ? new(Prometheus.Api.Address) : null },
            Certificates = PublicAddress.NeedsCertificates(farm.Options.Edge) ? Certificates(farm) : null,
            Alerts = farm.Options.Observability.Enabled ? new() { Alertmanager = new(Alertmanager.Api.Address) } : null,
            Backups = BackupStore.Of(farm) is { } store ? Backups(farm, store) : null,
        };

    private static CertificateSettings Certificates(FarmDesign farm) =>
        new()
        {
            KeyFile = Secret.PathOf(Secret.EdgeKey),
            Local = farm.Options.Edge.Tls is TlsMode.Local,
            Edge = new(HaProxy.SecureEdge.Address),
            Acme = farm.Options.Edge is { Tls: TlsMode.LetsEncrypt } edge
                ? new()
                {
                    Directory = new(edge.Acme.Directory),
                    Email = edge.Email!,
                    Roots = edge.Acme.Roots,
                }
                : null,
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
            Addresses = ByServer(servers, DatabaseServers.Sql),
            Agents = ByServer(servers, Mariadb.Agent),
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
            ScratchSite = MariadbScratch.Runs(farm) ? new(WordPressScratch.Pages.Address) : null,
        };
    }

    private static UploadsSettings Uploads() =>
        new()
        {
            Address = new(UploadsBackup.Agent.Address),
            KeyFile = Secret.PathOf(Secret.BackupAgentKey),
            Name = UploadsBackup.Name,
        };

    private static OrderedDictionary<string, Uri> ByServer(IEnumerable<string> servers, Func<string, ServiceEndpoint> endpoint) =>
        new(servers.Select(server => KeyValuePair.Create(server, new Uri(endpoint(server).Address))));
}
