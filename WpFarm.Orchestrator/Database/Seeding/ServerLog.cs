using WpFarm.Backups.Gtid;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>A file of a server's binary log.</summary>
/// <param name="File">For example <c>binlog.000042</c>.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="Start">Before its first transaction.</param>
/// <param name="End">After its last one; null while it is written.</param>
internal sealed record ServerLog(string File, long Bytes, GtidPosition Start, GtidPosition? End);
