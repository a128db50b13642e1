using System.ComponentModel.DataAnnotations;

namespace WpFarm.Contracts.Settings;

/// <summary>Section <c>Backups</c>: <c>backups</c> of farm.json, which has the defaults, and where the stores and agents are.</summary>
public sealed record BackupSettings
{
    public required ObjectStoreSettings Store { get; init; }

    /// <summary>The path of the file with the key that decrypts the backups.</summary>
    public required string KeyFile { get; init; }

    /// <summary>Cron expression: when a full backup of the database starts.</summary>
    [Required]
    public required string Full { get; init; }

    /// <summary>Cron expression: when an incremental backup of the database starts.</summary>
    [Required]
    public required string Incremental { get; init; }

    /// <summary>IANA time zone of all schedules.</summary>
    [Required]
    public required string TimeZone { get; init; }

    /// <summary>Upper limit of a delay that is added to each backup's start. The delay of one farm never changes. 0 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Jitter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Cron expression: when a snapshot of the uploads starts.</summary>
    [Required]
    public required string UploadsSchedule { get; init; }

    /// <summary>Cron expression: when a drill restores a backup.</summary>
    [Required]
    public required string DrillSchedule { get; init; }

    /// <summary>Time from one upload of binary logs to the next. 5 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public required TimeSpan LogInterval { get; init; }

    /// <summary>Limit of the upload rate of a backup. 0: no limit.</summary>
    [Range(0, long.MaxValue)]
    public required long BytesPerSecond { get; init; }

    public required RetentionPolicy Keep { get; init; }

    /// <summary>Null: the farm does not back up its uploads.</summary>
    public UploadsSettings? Uploads { get; init; }

    /// <summary>A database server outside the farm's replication, for drills to restore into. Null: there are no drills.</summary>
    public string? ScratchServer { get; init; }

    /// <summary>A WordPress that shows the data in <see cref="ScratchServer"/>: <c>http://wordpress-scratch:8080</c>.</summary>
    public Uri? ScratchSite { get; init; }
}
