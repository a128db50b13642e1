namespace WpFarm.Contracts.Settings;

/// <summary>
/// All settings of the Orchestrator. Topology builds them from farm.json and writes them to <see cref="Path"/>; the Orchestrator binds
/// them and does not start when a key is unknown or a required one is missing. The file has every required key. The default of each
/// other key is declared here only, and the file has the key if its value differs. No file or address has a default, because those depend
/// on where the Orchestrator runs. Lists are initialized empty, because the configuration binder sets nothing for an empty list.
/// </summary>
public sealed record OrchestratorSettings
{
    /// <summary>The settings file in the Orchestrator's container.</summary>
    public const string Path = "/etc/farm/orchestrator.json";

    public required FarmSettings Farm { get; init; }

    public required ApiSettings Api { get; init; }

    public required DatabaseSettings Database { get; init; }

    public required CronSettings Cron { get; init; }

    public required EngineSettings Engine { get; init; }

    public required SecuritySettings Security { get; init; }

    public required MailSettings Mail { get; init; }

    public AutoscalingSettings Autoscaling { get; init; } = new();

    /// <summary>Null: the farm ends no TLS, and needs no certificates.</summary>
    public CertificateSettings? Certificates { get; init; }

    /// <summary>Null: the farm has no observability, so it raises no alerts.</summary>
    public AlertSettings? Alerts { get; init; }

    /// <summary>Null: the farm makes no backups.</summary>
    public BackupSettings? Backups { get; init; }
}
