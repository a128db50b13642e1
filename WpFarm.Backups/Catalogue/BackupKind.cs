using System.Text.Json.Serialization;

namespace WpFarm.Backups.Catalogue;

[JsonConverter(typeof(JsonStringEnumConverter<BackupKind>))]
public enum BackupKind
{
    /// <summary>A whole database server.</summary>
    Full,

    /// <summary>Changes in a database server since the parent backup.</summary>
    Incremental,

    /// <summary>One binary log file of a database server.</summary>
    BinaryLog,

    /// <summary>One site's database as SQL statements.</summary>
    Site,

    Uploads,

    /// <summary>farm.json, secrets, and everything else that is needed to start the farm elsewhere.</summary>
    Configuration,
}
