namespace WpFarm.Contracts.Agents.Database;

/// <summary>A file of a binary log: <c>{"file":"binlog.000002","bytes":1885,"start":"1-1-4","end":"1-1-8,2-2-51"}</c>.</summary>
/// <param name="File">Its name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Start">The GTID position before its first transaction.</param>
/// <param name="End">The GTID position after its last transaction; null while it is being written.</param>
public sealed record BinaryLogFile(string File, long Bytes, string Start, string? End = null);
