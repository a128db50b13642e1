namespace WpFarm.Contracts.Agents.Database;

/// <summary>Asks for the files of the server's binary log, the oldest first.</summary>
public sealed record LogsOrder() : AgentOrder<IReadOnlyList<BinaryLogFile>>(DatabaseAgentRoutes.Logs);

/// <summary>Asks for a file of the binary log that is closed, up to its last whole event.</summary>
/// <remarks>Fails for the file that is being written, and for one that is not among the server's.</remarks>
/// <param name="File">For example <c>binlog.000042</c>.</param>
public sealed record LogOrder(string File) : AgentStreamOrder<LogExtent>(DatabaseAgentRoutes.Log)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("file", File)];
}

/// <summary>
/// Writes the transactions of the binary log beyond a position into a file of the server's volume, as statements. Answered with the file's
/// path as text; empty when there are none.
/// </summary>
/// <remarks>A repetition writes another file.</remarks>
/// <param name="Beyond">A GTID position.</param>
public sealed record SaveOrder(string Beyond) : AgentOrder<string>(DatabaseAgentRoutes.Save)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("beyond", Beyond)];
}

/// <summary>
/// Applies the transactions of a binary log that the server does not have, with their own GTIDs, and logs them. The body is what
/// <see cref="LogOrder"/> was answered with. Whole transactions only, in the order in which they were committed.
/// </summary>
/// <remarks>
/// The server may be read-only, and must not follow another server. One at a time: a second one fails. Can be repeated: what is there
/// already is passed over. After a failure the transactions that were applied stay. The answer, which nobody reads, is the server's
/// position.
/// </remarks>
/// <param name="From">
/// The position at which the binary log begins. When the server is not that far, the order fails; with a limit it applies nothing instead,
/// since an earlier log ended at the limit.
/// </param>
/// <param name="Until">
/// In Unix seconds: ends before the first transaction that is stamped later. A stamp is no later than the commit. Null: no such limit.
/// </param>
/// <param name="Through">
/// Ends after these transactions. Domains that are not named go as far as came before the last of them. Not empty, and not beside
/// <paramref name="Until"/>. Null: no such limit.
/// </param>
public sealed record ReplayOrder(string From, long? Until, string? Through) : AgentOrder(DatabaseAgentRoutes.Replay)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments =>
        [("from", From), ("until", Number(Until)), ("through", Through)];
}

/// <summary>
/// Ensures that no GTID up to a position is assigned again: logs an empty transaction in each domain that is not that far.
/// </summary>
/// <remarks>
/// The server may be read-only, and must not follow another server. Can be repeated. The answer, which nobody reads, is the server's
/// position.
/// </remarks>
/// <param name="Gtid">A GTID position.</param>
public sealed record AdvanceOrder(string Gtid) : AgentOrder(DatabaseAgentRoutes.Advance)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("gtid", Gtid)];
}
