using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WpFarm.Contracts.Api;

/// <summary>What a backup contains. <see cref="BackupKinds"/> says what follows from it.</summary>
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

/// <summary>The traits of each kind, in one table. Code that works with all kinds asks for a trait and never compares kinds.</summary>
public static class BackupKinds
{
    private static readonly string[] s_ofDatabase = ["server", "gtidEnd"];
    private static readonly string[] s_ofCopy = [.. s_ofDatabase, "instance", "lsnTo"];

    private static readonly Dictionary<BackupKind, BackupTraits> s_traits = new()
    {
        [BackupKind.Full] = new(BackupRole.Base)
        {
            Needs = s_ofCopy,
            CanBeOrdered = true,
            OrderOption = "Make a full backup instead of an incremental one.",
        },
        [BackupKind.Incremental] = new(BackupRole.Increment) { Needs = [.. s_ofCopy, "parent", "lsnFrom"], CanBeOrdered = true },
        [BackupKind.BinaryLog] = new(BackupRole.Log) { IdWord = "binary-log", Needs = [.. s_ofDatabase, "gtidStart", "binaryLog"] },
        [BackupKind.Site] = new(BackupRole.Independent) { Needs = ["site"] },
        [BackupKind.Uploads] = new(BackupRole.Independent)
        {
            CanBeOrdered = true,
            OrderOption = "Make a snapshot of the uploads instead of a backup of the database.",
            EnabledBy = "backups.uploads.enabled",
        },
        [BackupKind.Configuration] = new(BackupRole.Independent),
    };

    /// <summary>All kinds, in the order of the enum.</summary>
    public static IReadOnlyList<BackupKind> All { get; } = Enum.GetValues<BackupKind>();

    extension(BackupKind kind)
    {
        public BackupTraits Traits => s_traits[kind];

        /// <summary>True for a full or incremental backup: an element of a <c>BackupChain</c>.</summary>
        public bool IsInChain => kind.Traits.Role is BackupRole.Base or BackupRole.Increment;

        /// <summary>True when a backup of the kind can be restored only after its parent.</summary>
        public bool IsIncrement => kind.Traits.Role is BackupRole.Increment;

        public bool IsLog => kind.Traits.Role is BackupRole.Log;

        /// <summary>In the ids of backups: <c>binary-log</c>.</summary>
        public string IdWord => kind.Traits.IdWord ?? kind.Word();
    }

    /// <summary>For people, metrics and the API: <c>binarylog</c>.</summary>
    [SuppressMessage("Globalization", "CA1308", Justification = "The words are lower case.")]
    public static string Word(this BackupKind kind) => kind.ToString().ToLowerInvariant();
}

/// <summary>A kind as the API writes it; a manifest in the store has the name of the member instead.</summary>
public sealed class BackupKindJson() : JsonStringEnumConverter<BackupKind>(new LowerCase(), allowIntegerValues: false)
{
    private sealed class LowerCase : JsonNamingPolicy
    {
        [SuppressMessage("Globalization", "CA1308", Justification = "The words are lower case.")]
        public override string ConvertName(string name) => name.ToLowerInvariant();
    }
}
