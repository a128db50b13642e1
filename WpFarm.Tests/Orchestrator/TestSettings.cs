using WpFarm.Contracts.Settings;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Orchestrator;

/// <summary>Sections of the settings for tests of one part: what the part does not read is empty.</summary>
internal static class TestSettings
{
    private static readonly BackupOptions s_options = new();

    public static DatabaseSettings Database { get; } =
        new()
        {
            Primaries = [],
            Replicas = [],
            Addresses = new Dictionary<string, Uri>(),
            Agents = new Dictionary<string, Uri>(),
            PasswordFile = "",
            ReplicationPasswordFile = "",
        };

    public static EngineSettings Engine { get; } = new() { Api = new("http://engine-proxy:2375") };

    public static ObjectStoreSettings Store { get; } =
        new()
        {
            Endpoint = new("http://object-storage:8080"),
            Bucket = "farm-backups",
            AccessKey = "farm:backup",
            Region = "us-east-1",
            SecretKeyFile = "/run/secrets/key",
        };

    /// <summary>No backup is kept.</summary>
    public static RetentionPolicy KeepNothing { get; } =
        new()
        {
            PointInTime = TimeSpan.Zero,
            Hourly = 0,
            Daily = 0,
            Weekly = 0,
            Monthly = 0,
            TimeZone = "UTC",
        };

    /// <summary>With the schedules that farm.json has by default.</summary>
    public static BackupSettings Backups { get; } =
        new()
        {
            Store = Store,
            KeyFile = "",
            Full = s_options.Full,
            Incremental = s_options.Incremental,
            TimeZone = s_options.TimeZone,
            UploadsSchedule = s_options.Uploads.Schedule,
            DrillSchedule = s_options.Drill.Schedule,
            LogInterval = TimeSpan.FromSeconds(s_options.LogSeconds),
            BytesPerSecond = 0,
            Keep = KeepNothing,
        };
}
