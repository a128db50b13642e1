using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WpFarm.Contracts.Api;

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

public static class BackupKindText
{
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
