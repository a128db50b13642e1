using System.Text.Json.Serialization;
using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Catalogue;

/// <summary>Describes one backup: enough to choose, verify and restore it. Stored last, so a backup with a manifest is complete.</summary>
public sealed record BackupManifest
{
    /// <summary>Version of the manifest's format.</summary>
    [JsonInclude]
    public int Version { get; internal init; } = ManifestJson.CurrentVersion;

    public required string Id { get; init; }

    public required BackupKind Kind { get; init; }

    /// <summary>For an incremental backup: id of the backup that it continues.</summary>
    public string? Parent { get; init; }

    /// <summary>The database server that was backed up.</summary>
    public string? Server { get; init; }

    /// <summary>
    /// Changes when the server starts with other data. Log sequence numbers of different instances cannot be compared.
    /// </summary>
    public string? Instance { get; init; }

    /// <summary>
    /// When the farm's database was created or last restored, which begins a new history. Binary logs continue only backups of the same
    /// history. Null if not known.
    /// </summary>
    public DateTimeOffset? HistorySince { get; init; }

    public string? Site { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>A database backup contains every transaction up to some moment before this one.</summary>
    public required DateTimeOffset Completed { get; init; }

    /// <summary>For a binary log: the position before its first event.</summary>
    public GtidPosition? GtidStart { get; init; }

    /// <summary>The exact position of the backup. For a binary log: the position after its last event.</summary>
    public GtidPosition? GtidEnd { get; init; }

    /// <summary>First log sequence number. An incremental backup begins at the <see cref="LsnTo"/> of its parent.</summary>
    public ulong? LsnFrom { get; init; }

    public ulong? LsnTo { get; init; }

    public BinaryLogSpan? BinaryLog { get; init; }

    /// <summary>Bytes before compression.</summary>
    public required long PlainBytes { get; init; }

    /// <summary>Bytes before sealing.</summary>
    public required long CompressedBytes { get; init; }

    /// <summary>Bytes of the sealed object.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>SHA-256 of the sealed object, in lower-case hexadecimal.</summary>
    public required string StoredSha256 { get; init; }

    /// <summary>SHA-256 of the content before sealing (after compression, if any), in lower-case hexadecimal.</summary>
    public required string ContentSha256 { get; init; }

    /// <summary>Id of the backup key that opens it.</summary>
    public required string KeyId { get; init; }

    /// <summary>Versions of the programs that made it, by name.</summary>
    public IReadOnlyDictionary<string, string> Tools { get; init; } = new Dictionary<string, string>();

    /// <summary>Digests to compare a restored copy with. Null if none were taken.</summary>
    public IReadOnlyList<TableDigest>? Tables { get; init; }

    /// <summary>
    /// A manifest for data that <see cref="BackupCatalogue.SealAsync"/> stored. The caller adds the properties of its kind.
    /// </summary>
    /// <param name="plainBytes">Bytes before compression.</param>
    public static BackupManifest Of(
        string id,
        BackupKind kind,
        SealedData data,
        long plainBytes,
        DateTimeOffset started,
        DateTimeOffset completed
    ) =>
        new()
        {
            Id = id,
            Kind = kind,
            Started = started,
            Completed = completed,
            PlainBytes = plainBytes,
            CompressedBytes = data.ContentBytes,
            StoredBytes = data.StoredBytes,
            StoredSha256 = data.StoredSha256,
            ContentSha256 = data.ContentSha256,
            KeyId = data.KeyId,
        };
}

/// <param name="FileName">Name on the server, for example <c>binlog.000042</c>.</param>
/// <param name="FirstEvent">Commit time of the first transaction. Null if there is none.</param>
/// <param name="LastEvent">Commit time of the last transaction.</param>
/// <param name="CompleteUntil">
/// No transaction that the farm committed before this moment is missing: the time at which the writer closed the file. Null for a server
/// that may have lagged; its log is known to be complete up to <paramref name="LastEvent"/> only.
/// </param>
public sealed record BinaryLogSpan(
    string FileName,
    DateTimeOffset? FirstEvent,
    DateTimeOffset? LastEvent,
    DateTimeOffset? CompleteUntil = null
);

/// <param name="Checksum">Result of CHECKSUM TABLE. Null if only rows were counted.</param>
public sealed record TableDigest(string Database, string Table, long Rows, long? Checksum = null);
