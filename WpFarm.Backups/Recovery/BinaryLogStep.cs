using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Recovery;

/// <summary>One binary log to apply.</summary>
/// <param name="From">What is there already: what the log has of it is left out.</param>
/// <param name="To">What is there afterwards, if it is applied to its end.</param>
public sealed record BinaryLogStep(BackupManifest Log, GtidPosition From, GtidPosition To);
