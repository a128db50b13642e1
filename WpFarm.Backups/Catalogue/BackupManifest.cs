using System.Text.Json.Serialization;
using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Catalogue;

/// <summary>What one backup is: enough to choose it, to check it, and to restore it. Stored last, so what has a manifest is whole.</summary>
public sealed record BackupManifest
{
    /// <summary>Of the manifest's format.</summary>
    [JsonInclude]
    public int Version { get; internal init; } = ManifestJson.CurrentVersion;

    public required string Id { get; init; }

    public required BackupKind Kind { get; init; }

    /// <summary>Of an incremental backup: the id of the one that it continues.</summary>
    public string? Parent { get; init; }

    /// <summary>The database server that it was made of.</summary>
    public string? Server { get; init; }

    /// <summary>
    /// Changes when the server starts with other data. Log sequence numbers of different instances have nothing to do with each other.
    /// </summary>
    public string? Instance { get; init; }

    /// <summary>
    /// When the farm was last restored, or else made: binary logs go on from backups of the same time alone, since another history begins
    /// then. Null: not known.
    /// </summary>
    public DateTimeOffset? HistorySince { get; init; }

    public string? Site { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>A database backup holds everything up to some moment before this one.</summary>
    public required DateTimeOffset Completed { get; init; }

    /// <summary>Of a binary log: before its first event.</summary>
    public GtidPosition? GtidStart { get; init; }

    /// <summary>What the backup holds, no more and no less. Of a binary log: after its last event.</summary>
    public GtidPosition? GtidEnd { get; init; }

    /// <summary>Log sequence number; an incremental backup's is its parent's <see cref="LsnTo"/>.</summary>
    public ulong? LsnFrom { get; init; }

    public ulong? LsnTo { get; init; }

    public BinaryLogSpan? BinaryLog { get; init; }

    /// <summary>Bytes before compression.</summary>
    public required long PlainBytes { get; init; }

    /// <summary>Bytes that were sealed.</summary>
    public required long CompressedBytes { get; init; }

    /// <summary>Bytes of the sealed object.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>SHA-256 of the sealed object, in lower-case hexadecimal.</summary>
    public required string StoredSha256 { get; init; }

    /// <summary>SHA-256 of what was sealed (compressed, if it was), in lower-case hexadecimal.</summary>
    public required string ContentSha256 { get; init; }

    /// <summary>Id of the backup key that opens it.</summary>
    public required string KeyId { get; init; }

    /// <summary>Versions of the programs that made it, by name.</summary>
    public IReadOnlyDictionary<string, string> Tools { get; init; } = new Dictionary<string, string>();

    /// <summary>What a restored copy is compared with; null when nobody counted.</summary>
    public IReadOnlyList<TableDigest>? Tables { get; init; }

    /// <summary>Of what <see cref="BackupCatalogue.SealAsync"/> stored. What else its kind has is to be added.</summary>
    /// <param name="plainBytes">Before compression.</param>
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

/// <param name="FileName">On the server, for example <c>binlog.000042</c>.</param>
/// <param name="FirstEvent">When the first transaction was committed; null when there is none.</param>
/// <param name="LastEvent">When the last one was.</param>
/// <param name="CompleteUntil">
/// No transaction that the farm committed before this moment is missing: when the file of the writer was closed. Null when its server may
/// have lagged: then that is known up to <paramref name="LastEvent"/> only.
/// </param>
public sealed record BinaryLogSpan(
    string FileName,
    DateTimeOffset? FirstEvent,
    DateTimeOffset? LastEvent,
    DateTimeOffset? CompleteUntil = null
);

/// <param name="Checksum">As CHECKSUM TABLE gives it; null when only rows were counted.</param>
public sealed record TableDigest(string Database, string Table, long Rows, long? Checksum = null);
