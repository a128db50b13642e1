using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Catalogue;

/// <summary>
/// The last observed state of the archive: every transaction committed before a moment is in the stored binary logs, up to a position. It
/// distinguishes an idle database from an archive that has stopped.
/// </summary>
/// <param name="Moment">Time of the Orchestrator's clock before it asked the writer for its position.</param>
/// <param name="Position">The writer's position.</param>
/// <param name="HistorySince">As in <see cref="BackupManifest.HistorySince"/>.</param>
public sealed record ArchiveMark(DateTimeOffset Moment, GtidPosition Position, DateTimeOffset? HistorySince);
