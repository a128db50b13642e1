using System.ComponentModel.DataAnnotations;
using WpFarm.Backups.Retention;
using WpFarm.Backups.Store;

namespace WpFarm.Orchestrator.Backups;

/// <summary>Section <c>Backups</c>: the farm's <c>backups</c> in farm.json, and where things are.</summary>
internal sealed class BackupSchedulerOptions
{
    /// <summary>Null: no backups are made.</summary>
    public ObjectStoreOptions? Store { get; set; }

    /// <summary>The file with the key that opens the backups.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Cron expression: when everything is copied.</summary>
    [Required]
    public string Full { get; set; } = "15 2 * * *";

    /// <summary>Cron expression: when what has changed since the last copy is copied.</summary>
    [Required]
    public string Incremental { get; set; } = "15 * * * *";

    /// <summary>IANA name, of both expressions.</summary>
    [Required]
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Each backup is later by a time below this, always the same for one farm. 0 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Jitter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>What was committed is in the store after this, and what it takes to get it there. 5 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan LogInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Of backups on their way to the store; 0: as fast as it goes.</summary>
    [Range(0, long.MaxValue)]
    public long BytesPerSecond { get; set; }

    /// <summary>Cron expression: when a snapshot of the uploads is made.</summary>
    [Required]
    public string UploadsSchedule { get; set; } = "45 2 * * *";

    /// <summary>Cron expression: when a restore is tried.</summary>
    [Required]
    public string DrillSchedule { get; set; } = "0 4 * * 0";

    public RetentionPolicy Keep { get; set; } = new();

    /// <summary>A database server that is not part of the farm's replication, to restore into; null: there is none.</summary>
    public string? ScratchServer { get; set; }

    /// <summary>A WordPress that shows what is in <see cref="ScratchServer"/>.</summary>
    public Uri? ScratchSite { get; set; }
}
