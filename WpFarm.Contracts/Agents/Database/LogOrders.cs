namespace WpFarm.Contracts.Agents.Database;

/// <summary>Lists the files of the server's binary log, the oldest first.</summary>
public sealed record LogsOrder() : AgentOrder<IReadOnlyList<BinaryLogFile>>(DatabaseAgentRoutes.Logs);

/// <summary>Downloads a closed file of the binary log, up to its last complete event.</summary>
/// <remarks>Fails for the file that is being written, and for a file that the server does not have.</remarks>
/// <param name="File">For example <c>binlog.000042</c>.</param>
public sealed record LogOrder(string File) : AgentStreamOrder<LogExtent>(DatabaseAgentRoutes.Log)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("file", File)];
}

/// <summary>
/// Writes the transactions of the binary log after a position to a file on the server's volume, as SQL statements. The answer is the
/// file's path as text, or empty when there are no such transactions.
/// </summary>
/// <remarks>A repetition writes a further file.</remarks>
/// <param name="Beyond">A GTID position.</param>
public sealed record SaveOrder(string Beyond) : AgentOrder<string>(DatabaseAgentRoutes.Save)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("beyond", Beyond)];
}

/// <summary>
/// Applies those transactions of a binary log that the server does not have, with their original GTIDs, and logs them. The body is the
/// answer to a <see cref="LogOrder"/>. Applies whole transactions only, in commit order.
/// </summary>
/// <remarks>
/// The server may be read-only, and must not be replicating. A second order at the same time fails. Can be repeated: transactions that the
/// server has are skipped. After a failure the applied transactions remain. The answer, which is not read, is the server's position.
/// </remarks>
/// <param name="From">
/// The position at which the binary log begins. If the server has not reached it, the order fails; with a limit it applies nothing
/// instead, because an earlier log ended at the limit.
/// </param>
/// <param name="Until">
/// Stops before the first transaction with a later timestamp, in Unix seconds. A timestamp is never later than the commit. Null: no such
/// limit.
/// </param>
/// <param name="Through">
/// Stops after these transactions. Other domains are applied up to the last of them. Not empty, and not together with
/// <paramref name="Until"/>. Null: no such limit.
/// </param>
public sealed record ReplayOrder(string From, long? Until, string? Through) : AgentOrder(DatabaseAgentRoutes.Replay)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments =>
        [("from", From), ("until", Number(Until)), ("through", Through)];
}

/// <summary>
/// Ensures that no GTID up to a position is assigned again: logs an empty transaction in each domain that has not reached it.
/// </summary>
/// <remarks>
/// The server may be read-only, and must not be replicating. Can be repeated. The answer, which is not read, is the server's position.
/// </remarks>
/// <param name="Gtid">A GTID position.</param>
public sealed record AdvanceOrder(string Gtid) : AgentOrder(DatabaseAgentRoutes.Advance)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("gtid", Gtid)];
}
