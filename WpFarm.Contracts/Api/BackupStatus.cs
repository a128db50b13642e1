using System.Text.Json.Serialization;

namespace WpFarm.Contracts.Api;

/// <summary>The state of the backups.</summary>
/// <param name="Location">Address of the store.</param>
/// <param name="OffSite">The second bucket; null when there is none.</param>
/// <param name="RecoverableUntil">The last moment that can be restored now; null when none can.</param>
/// <param name="RpoSeconds">Age of <paramref name="RecoverableUntil"/>.</param>
/// <param name="Problems">Each problem in a sentence; empty when there is none.</param>
/// <param name="LeaseRenewedAt">When the Orchestrator last renewed its lease on the store; null while it does not hold it.</param>
/// <param name="Reports">The last jobs, the latest first; a running one with its phase.</param>
public sealed record BackupStatus(
    string Location,
    OffSiteStatus? OffSite,
    DateTimeOffset? RecoverableUntil,
    string? Gtid,
    double? RpoSeconds,
    IReadOnlyList<string> Problems,
    DateTimeOffset? LeaseRenewedAt,
    IReadOnlyList<BackupKindStatus> Kinds,
    IReadOnlyList<BackupReport> Reports
);

/// <summary>The copies in the second bucket.</summary>
/// <param name="CopiedAt">All data that was stored before this time is copied; null: not known yet.</param>
public sealed record OffSiteStatus(string Location, DateTimeOffset? CopiedAt);

/// <summary>The backups of one kind.</summary>
/// <param name="Last">When the latest was started.</param>
public sealed record BackupKindStatus(
    [property: JsonConverter(typeof(BackupKindJson))] BackupKind Kind,
    int Count,
    long StoredBytes,
    DateTimeOffset Last
);

/// <summary>One backup.</summary>
/// <param name="Source">The server or site.</param>
/// <param name="Why">Why retention keeps it; null: it will be deleted.</param>
public sealed record BackupEntry(
    string Id,
    [property: JsonConverter(typeof(BackupKindJson))] BackupKind Kind,
    string? Source,
    DateTimeOffset Started,
    DateTimeOffset Completed,
    long PlainBytes,
    long StoredBytes,
    string? Gtid,
    string? Parent,
    string? Why
);

/// <summary>A job that makes or restores a backup, with its phases.</summary>
/// <param name="What">For people: <c>full backup</c>, <c>restoration to 2026-11-24T10:15:00Z</c>.</param>
public sealed record BackupReport(string What, DateTimeOffset Since) : ProcedureReport(Since)
{
    /// <summary>Bytes transferred so far, compressed.</summary>
    public long Bytes { get; init; }

    /// <summary>All bytes to transfer, compressed; null when not known.</summary>
    public long? OfBytes { get; init; }

    /// <summary>The id of the backup that was made.</summary>
    public string? Backup { get; init; }
}

/// <summary>The backup that holds the configuration.</summary>
/// <param name="Id">Id of the new backup, or of the latest one when it holds the same configuration.</param>
public sealed record StoredConfiguration(string Id);
