using System.Text.Json.Serialization;

namespace WpFarm.Backups.Catalogue;

[JsonConverter(typeof(JsonStringEnumConverter<BackupKind>))]
public enum BackupKind
{
    /// <summary>A whole database server.</summary>
    Full,

    /// <summary>What has changed in a database server since the backup that is its parent.</summary>
    Incremental,

    /// <summary>One binary log file of a database server.</summary>
    BinaryLog,

    /// <summary>One site's database as statements.</summary>
    Site,

    Uploads,

    /// <summary>farm.json, secrets, and whatever else it takes to bring the farm up elsewhere.</summary>
    Configuration,
}
