using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace WpFarm.Topology.FarmFile;

public sealed record BackupOptions
{
    [Description("Make backups.")]
    public bool Enabled { get; init; } = true;

    [Description(
        "Schedule of full backups, as a cron expression: minute, hour, day of the month, month, day of the week. "
            + "A missed run is made up for."
    )]
    public string Full { get; init; } = "15 2 * * *";

    [Description("Schedule of incremental backups. More frequent backups make restorations faster: fewer binary logs are applied.")]
    public string Incremental { get; init; } = "15 * * * *";

    [Description("IANA time zone of the schedules and of the periods in keep.")]
    public string TimeZone { get; init; } = "UTC";

    [
        Description("Seconds after which committed transactions are uploaded. A disaster loses at most this many seconds, and a few more."),
        Range(5, 3600)
    ]
    public int LogSeconds { get; init; } = 30;

    [Description("Upload limit of a backup, in megabytes per second. 0: no limit."), Range(0, 10000)]
    public int MegabytesPerSecond { get; init; }

    [Description("Which backups are kept.")]
    public KeepOptions Keep { get; init; } = new();

    [Description(
        "An external S3 bucket for backups, in place of the farm's object storage (storage.objectStorage). "
            + "The secret backup-store-key holds its secret key."
    )]
    public BackupStoreOptions? Store { get; init; }

    [Description(
        "A second bucket at another site. Every minute the farm copies all new backups there. It never deletes there. "
            + "The bucket must exist. The secret off-site-key holds its secret key."
    )]
    public BackupStoreOptions? OffSite { get; init; }

    [Description("Snapshots of the sites' uploads, in the object storage. None are made without it (storage.objectStorage none).")]
    public UploadsBackupOptions Uploads { get; init; } = new();

    [Description("Test restorations (drills), which prove that backups can be restored.")]
    public DrillOptions Drill { get; init; } = new();
}

public sealed record KeepOptions
{
    [Description("Point-in-time recovery: days of which every moment can be recovered."), Range(0, 3660)]
    public int PointInTimeDays { get; init; } = 7;

    [Description("Number of hours that keep their last backup."), Range(0, 10000)]
    public int Hourly { get; init; } = 24;

    [Description("Number of days that keep their last backup."), Range(0, 10000)]
    public int Daily { get; init; } = 7;

    [Description("Number of weeks that keep their last backup."), Range(0, 10000)]
    public int Weekly { get; init; } = 4;

    [Description("Number of months that keep their last backup."), Range(0, 10000)]
    public int Monthly { get; init; } = 6;
}

public sealed record BackupStoreOptions
{
    [Description("Address of the S3 server, for example https://s3.example.com."), Required]
    public string Endpoint { get; init; } = "";

    [Description("Name of a bucket that only this farm uses. The bucket of backups.store is created if it does not exist."), Required]
    public string Bucket { get; init; } = "";

    [Description("S3 access key."), Required]
    public string AccessKey { get; init; } = "";

    [Description("S3 region for request signatures. Servers without regions accept the default.")]
    public string Region { get; init; } = "us-east-1";
}

public sealed record UploadsBackupOptions
{
    [Description("Back up the uploads.")]
    public bool Enabled { get; init; } = true;

    [Description("Schedule of snapshots, as a cron expression: minute, hour, day of the month, month, day of the week.")]
    public string Schedule { get; init; } = "45 2 * * *";

    [Description("Upload limit of snapshots, in megabytes per second. 0: no limit."), Range(0, 10000)]
    public int MegabytesPerSecond { get; init; }
}

public sealed record DrillOptions
{
    [Description(
        "Run a scratch MariaDB server and a scratch WordPress, and restore the backups into them on a schedule. "
            + "false: neither runs, and there are no drills."
    )]
    public bool Enabled { get; init; } = true;

    [Description("Schedule of drills, as a cron expression: minute, hour, day of the month, month, day of the week.")]
    public string Schedule { get; init; } = "0 4 * * 0";
}
