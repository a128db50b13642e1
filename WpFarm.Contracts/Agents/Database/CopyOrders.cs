namespace WpFarm.Contracts.Agents.Database;

/// <summary>
/// Makes a consistent copy of the server's data with mariadb-backup, in the format mbstream. While it is made the server goes on receiving
/// and acknowledging transactions, and applies none.
/// </summary>
/// <remarks>
/// One at a time: a second one fails. The copy fails as soon as the server is told to apply transactions again. A repetition makes a new
/// copy.
/// </remarks>
/// <param name="Since">
/// An LSN, 0 or more: what has changed after the copy, of the same data, that reached to there (<see cref="CopyExtent.ToLsn"/>). Null: all.
/// </param>
/// <param name="Contents">
/// Makes digests of the tables meanwhile, to be asked for with <see cref="ContentsOrder"/>. A server that takes writes makes none.
/// </param>
public sealed record CopyOrder(ulong? Since, bool Contents) : AgentStreamOrder<CopyExtent>(DatabaseAgentRoutes.Copy)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("since", Number(Since)), ("contents", Switch(Contents))];
}

/// <summary>
/// Asks for rows and checksum of each table, outside of MariaDB's own databases and of the Orchestrator's (<c>wpfarm</c>). Reads
/// everything. Each table is read in a moment of its own: without writes, all digests belong together.
/// </summary>
/// <remarks>
/// The digests of a copy are kept until the next copy with digests, or until the server starts again; after that this fails.
/// </remarks>
/// <param name="Copy">
/// The digests of this copy: <see cref="CopyExtent.Contents"/>, 14 hexadecimal digits. Null: of the data as it is now.
/// </param>
public sealed record ContentsOrder(string? Copy) : AgentOrder<IReadOnlyList<TableContents>>(DatabaseAgentRoutes.Contents)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("copy", Copy)];
}

/// <summary>Asks what mariadb-check finds in all databases, one line each. Answered with an empty list when every table is sound.</summary>
public sealed record CheckTablesOrder() : AgentOrder<IReadOnlyList<string>>(DatabaseAgentRoutes.Check);
