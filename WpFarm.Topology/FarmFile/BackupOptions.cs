using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace WpFarm.Topology.FarmFile;

public sealed record BackupOptions
{
    [Description("false: no backups are made.")]
    public bool Enabled { get; init; } = true;

    [Description(
        "When everything in the database is copied: minute, hour, day of the month, month, day of the week. A run that was missed is made up for."
    )]
    public string Full { get; init; } = "15 2 * * *";

    [Description("When what has changed since the last copy is copied. The more often, the less there is to apply in a restoration.")]
    public string Incremental { get; init; } = "15 * * * *";

    [Description("IANA time zone of the schedules, and of the days, weeks and months in keep.")]
    public string TimeZone { get; init; } = "UTC";

    [
        Description(
            "Seconds after which what was committed is on its way to the store: what a disaster can cost at most, and a few seconds more."
        ),
        Range(5, 3600)
    ]
    public int LogSeconds { get; init; } = 30;

    [Description("Megabytes per second that a backup may send to the store. 0: no limit."), Range(0, 10000)]
    public int MegabytesPerSecond { get; init; }

    [Description("How long backups are kept.")]
    public KeepOptions Keep { get; init; } = new();

    [Description(
        "An S3 store elsewhere, in place of the farm's own object storage (storage.objectStorage). Its secret key: the file of the secret backup-store-key."
    )]
    public BackupStoreOptions? Store { get; init; }

    [Description(
        "A bucket elsewhere that gets a copy of everything, each minute, and that the farm deletes nothing in. It must be there. Its secret key: the file of the secret off-site-key."
    )]
    public BackupStoreOptions? OffSite { get; init; }

    [Description("Snapshots of the sites' uploads, in the object storage. Without one (storage.objectStorage none) there are none.")]
    public UploadsBackupOptions Uploads { get; init; } = new();

    [Description("A restore that is tried, so that backups are known to be good before one is needed.")]
    public DrillOptions Drill { get; init; } = new();
}

public sealed record KeepOptions
{
    [Description("Days of which every moment can be recovered."), Range(0, 3660)]
    public int PointInTimeDays { get; init; } = 7;

    [Description("Hours of which the last backup is kept."), Range(0, 10000)]
    public int Hourly { get; init; } = 24;

    [Description("Days of which the last backup is kept."), Range(0, 10000)]
    public int Daily { get; init; } = 7;

    [Description("Weeks of which the last backup is kept."), Range(0, 10000)]
    public int Weekly { get; init; } = 4;

    [Description("Months of which the last backup is kept."), Range(0, 10000)]
    public int Monthly { get; init; } = 6;
}

public sealed record BackupStoreOptions
{
    [Description("Address of the S3 server, for example https://s3.example.com."), Required]
    public string Endpoint { get; init; } = "";

    [Description("A bucket for this farm alone. The one of backups.store is made if there is none."), Required]
    public string Bucket { get; init; } = "";

    [Description("S3 access key."), Required]
    public string AccessKey { get; init; } = "";

    [Description("Part of every signature; servers that know no regions take this one.")]
    public string Region { get; init; } = "us-east-1";
}

public sealed record UploadsBackupOptions
{
    [Description("false: nothing backs the uploads up.")]
    public bool Enabled { get; init; } = true;

    [Description("When a snapshot is made: minute, hour, day of the month, month, day of the week.")]
    public string Schedule { get; init; } = "45 2 * * *";

    [Description("Megabytes per second that snapshots may send to the object storage. 0: no limit."), Range(0, 10000)]
    public int MegabytesPerSecond { get; init; }
}

public sealed record DrillOptions
{
    [Description(
        "Keep a place to restore into: a MariaDB server and a WordPress in front of it, which nothing else uses. false: neither runs, and no restore is tried."
    )]
    public bool Enabled { get; init; } = true;

    [Description("When a restore is tried: minute, hour, day of the month, month, day of the week.")]
    public string Schedule { get; init; } = "0 4 * * 0";
}
