using WpFarm.Deployment.OrchestratorClient;

namespace WpFarm.Deployment.Backups;

/// <summary>What the Orchestrator says of the backups.</summary>
/// <param name="Location">Of the store.</param>
/// <param name="OffSite">The second bucket; null when there is none.</param>
/// <param name="RecoverableUntil">The last moment that could be recovered now; null when none could.</param>
/// <param name="RpoSeconds">How long ago that is.</param>
/// <param name="Problems">Empty when all is well.</param>
/// <param name="LeaseRenewedAt">When the Orchestrator last renewed its lease on the store; null while it does not hold it.</param>
/// <param name="Reports">The last pieces of work, the latest first; one that is under way with its phase.</param>
public sealed record BackupStatus(
    string Location,
    OffSiteStatus? OffSite,
    DateTimeOffset? RecoverableUntil,
    string? Gtid,
    double? RpoSeconds,
    IReadOnlyList<string> Problems,
    DateTimeOffset? LeaseRenewedAt,
    IReadOnlyList<BackupKindStatus> Kinds,
    IReadOnlyList<BackupJob> Reports
);

/// <param name="CopiedAt">All that was stored by then is there too; null: not known yet.</param>
public sealed record OffSiteStatus(string Location, DateTimeOffset? CopiedAt);

public sealed record BackupKindStatus(string Kind, int Count, long StoredBytes, DateTimeOffset Last);

/// <summary>One piece of work, in its phases.</summary>
/// <param name="Bytes">Moved so far, compressed.</param>
/// <param name="OfBytes">Of all that will be; null when nobody knows.</param>
/// <param name="Backup">The id of what was made.</param>
public sealed record BackupJob(
    string What,
    DateTimeOffset Since,
    long Bytes,
    long? OfBytes,
    string? Backup,
    string? Running,
    IReadOnlyList<ProcedurePhase> Phases,
    string? Failure,
    DateTimeOffset? Ended
);

/// <param name="Source">The server or site.</param>
/// <param name="Why">It is kept; null: it will be deleted.</param>
public sealed record BackupEntry(
    string Id,
    string Kind,
    string? Source,
    DateTimeOffset Started,
    DateTimeOffset Completed,
    long PlainBytes,
    long StoredBytes,
    string? Gtid,
    string? Parent,
    string? Why
);

/// <summary>What a restoration would do.</summary>
/// <param name="Moment">Everything committed up to it is there afterwards.</param>
/// <param name="LostSeconds">What was committed in so long is not.</param>
/// <param name="Gap">What keeps it from going further.</param>
public sealed record RestorePlan(
    string Target,
    IReadOnlyList<string> Backups,
    int Logs,
    DateTimeOffset Moment,
    string Gtid,
    double LostSeconds,
    long Bytes,
    double EstimateSeconds,
    string? Gap
);

/// <summary>How a restore that was tried went.</summary>
/// <param name="To">The moment that was restored, picked by chance.</param>
/// <param name="RpoSeconds">What a disaster would have cost then.</param>
/// <param name="RtoSeconds">From the order to the last site's page; null when it did not come to that.</param>
/// <param name="Failure">Null: backups restore.</param>
public sealed record DrillOutcome(
    DateTimeOffset Began,
    DateTimeOffset? To,
    double? RpoSeconds,
    double? RtoSeconds,
    long Bytes,
    int Tables,
    int Sites,
    int Uploads,
    IReadOnlyList<ProcedurePhase> Phases,
    string? Failure,
    DateTimeOffset? Ended
);
