namespace WpFarm.Contracts.Agents.Database;

/// <summary>
/// Makes a consistent copy of the server's data with mariadb-backup, in the format mbstream. During the copy the server continues to
/// receive and acknowledge transactions, but applies none.
/// </summary>
/// <remarks>
/// A second order during a copy fails. The copy fails as soon as the server is told to apply transactions again. A repetition makes a new
/// copy.
/// </remarks>
/// <param name="Since">
/// For an incremental copy: the <see cref="CopyExtent.ToLsn"/> of an earlier copy of the same data; 0 or more. Null: a full copy.
/// </param>
/// <param name="Contents">
/// True: also makes digests of the tables, which <see cref="ContentsOrder"/> returns. A server that takes writes makes none.
/// </param>
public sealed record CopyOrder(ulong? Since, bool Contents) : AgentStreamOrder<CopyExtent>(DatabaseAgentRoutes.Copy)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("since", Number(Since)), ("contents", Switch(Contents))];
}

/// <summary>
/// Returns the row count and checksum of each table, except those in MariaDB's own databases and in the Orchestrator's (<c>wpfarm</c>).
/// Reads all data, one table after another: the digests are consistent with each other only if nothing is written meanwhile.
/// </summary>
/// <remarks>
/// The agent keeps the digests of a copy until the next copy with digests, or until the server restarts; after that the order fails.
/// </remarks>
/// <param name="Copy">
/// Returns the digests of this copy: <see cref="CopyExtent.Contents"/>, 14 hexadecimal digits. Null: digests of the present data.
/// </param>
public sealed record ContentsOrder(string? Copy) : AgentOrder<IReadOnlyList<TableContents>>(DatabaseAgentRoutes.Contents)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("copy", Copy)];
}

/// <summary>
/// Runs mariadb-check on all databases and returns its findings, one per line. The list is empty when every table is sound.
/// </summary>
public sealed record CheckTablesOrder() : AgentOrder<IReadOnlyList<string>>(DatabaseAgentRoutes.Check);
