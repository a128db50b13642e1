namespace WpFarm.Contracts.Agents.Database;

/// <summary>Asks for one database as statements (mariadb-dump), of one GTID position. Locks nobody out.</summary>
/// <remarks>Fails when there is no such database.</remarks>
/// <param name="Database"><c>wp</c> followed by lower-case letters, digits and <c>_</c>; at most 64 characters.</param>
public sealed record ExportOrder(string Database) : AgentStreamOrder<ExportExtent>(DatabaseAgentRoutes.Export)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("database", Database)];
}

/// <summary>
/// Replaces all tables of a database by those of an export, in one statement. The body is what <see cref="ExportOrder"/> was answered with.
/// </summary>
/// <remarks>
/// For the server that takes writes; any other fails. For tables alone: fails when the export or the database has views, triggers, routines
/// or events. One at a time. A failure leaves the database as it was. A repetition replaces the tables again; with the same
/// <paramref name="Aside"/> it fails, since that is there already.
/// </remarks>
/// <param name="Database">As in <see cref="ExportOrder"/>; at most 42 characters. It is created when it does not exist.</param>
/// <param name="Aside">
/// A database that gets the tables that are replaced: the name of the database, <c>__aside_</c> and 14 digits. Null: they are removed.
/// </param>
public sealed record ImportOrder(string Database, string? Aside) : AgentOrder(DatabaseAgentRoutes.Import)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("database", Database), ("aside", Aside)];
}

/// <summary>Removes a database that an import has put aside. For the server that takes writes. Harmless when it is not there.</summary>
/// <remarks>Fails for any other name.</remarks>
/// <param name="Name">As in <see cref="ImportOrder.Aside"/>.</param>
public sealed record RemoveDatabaseOrder(string Name) : AgentOrder(DatabaseAgentRoutes.RemoveDatabase)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("name", Name)];
}
