using WpFarm.Backups.Gtid;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>A file of a server's binary log.</summary>
/// <param name="File">For example <c>binlog.000042</c>.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Start">Position before its first transaction.</param>
/// <param name="End">Position after its last transaction. Null while the file is being written.</param>
internal sealed record ServerLog(string File, long Bytes, GtidPosition Start, GtidPosition? End);
