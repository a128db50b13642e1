using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Recovery;

/// <summary>One binary log to apply.</summary>
/// <param name="From">Position before the step. Earlier transactions of the log are skipped.</param>
/// <param name="To">Position after the step, if the log is applied to its end.</param>
public sealed record BinaryLogStep(BackupManifest Log, GtidPosition From, GtidPosition To);
