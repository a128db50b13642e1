namespace WpFarm.Contracts.Agents.Database;

/// <summary>Exports one database as SQL statements (mariadb-dump), at one GTID position. Blocks no other session.</summary>
/// <remarks>Fails when the database does not exist.</remarks>
/// <param name="Database"><c>wp</c> followed by lower-case letters, digits and <c>_</c>; at most 64 characters.</param>
public sealed record ExportOrder(string Database) : AgentStreamOrder<ExportExtent>(DatabaseAgentRoutes.Export)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("database", Database)];
}

/// <summary>
/// Replaces all tables of a database with those of an export, in one statement. The body is the answer to an <see cref="ExportOrder"/>.
/// </summary>
/// <remarks>
/// Only the server that takes writes accepts it. Supports tables only: fails when the export or the database has views, triggers, routines
/// or events. One at a time. A failure leaves the database unchanged. A repetition replaces the tables again; with the same
/// <paramref name="Aside"/> it fails, because that database exists by then.
/// </remarks>
/// <param name="Database">As in <see cref="ExportOrder"/>; at most 42 characters. It is created when it does not exist.</param>
/// <param name="Aside">
/// A new database that receives the replaced tables: the name of the database, <c>__aside_</c> and 14 digits. Null: they are dropped.
/// </param>
public sealed record ImportOrder(string Database, string? Aside) : AgentOrder(DatabaseAgentRoutes.Import)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("database", Database), ("aside", Aside)];
}

/// <summary>
/// Drops a database into which an import moved tables. Only for the server that takes writes. Does nothing if it does not exist.
/// </summary>
/// <remarks>Fails for any other name.</remarks>
/// <param name="Name">A name as in <see cref="ImportOrder.Aside"/>.</param>
public sealed record RemoveDatabaseOrder(string Name) : AgentOrder(DatabaseAgentRoutes.RemoveDatabase)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("name", Name)];
}
