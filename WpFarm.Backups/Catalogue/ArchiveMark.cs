using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Catalogue;

/// <summary>
/// How far the archive reached when it was last looked at: everything that was committed up to a moment is in the binary logs up to a
/// position. It is what tells a database in which nothing happens from an archive that stands still.
/// </summary>
/// <param name="Moment">By the Orchestrator's clock, before the writer was asked where it is.</param>
/// <param name="Position">Where the writer was then.</param>
/// <param name="HistorySince">As in <see cref="BackupManifest.HistorySince"/>.</param>
public sealed record ArchiveMark(DateTimeOffset Moment, GtidPosition Position, DateTimeOffset? HistorySince);
