using System.Globalization;
using System.Text.RegularExpressions;
using WpFarm.Contracts.Agents.Database;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>Orders that export and import one database as SQL statements.</summary>
internal sealed partial class DatabaseAgent
{
    /// <summary>Exports a consistent snapshot of a database, without locking its clients out.</summary>
    public Task<AgentStream<ExportExtent>> ExportAsync(string database, CancellationToken cancel) =>
        StreamAsync(new ExportOrder(database), "the export", cancel);

    /// <summary>
    /// Loads an export beside a database, then replaces all its tables at one moment. On failure the database stays as it is. Only for the
    /// writer, and only for tables: exports with views, triggers or routines are refused.
    /// </summary>
    /// <param name="aside">Database that keeps the replaced tables (<see cref="AsideName"/>). Null: they are deleted.</param>
    public Task ImportAsync(string database, string? aside, Stream dump, CancellationToken cancel) =>
        PutAsync(new ImportOrder(database, aside), dump, cancel);

    /// <summary>Deletes the replaced tables that an import has kept.</summary>
    public Task RemoveDatabaseAsync(string aside, CancellationToken cancel) => OrderAsync(new RemoveDatabaseOrder(aside), cancel);

    /// <summary>Name of the database that keeps replaced tables, for example <c>wp_blog__aside_20260102030405</c>.</summary>
    public static string AsideName(string database, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{database}__aside_{at.UtcDateTime:yyyyMMddHHmmss}");

    /// <summary>True when an import into a database of this name is allowed.</summary>
    public static bool IsName(string database) => Name().IsMatch(database);

    [GeneratedRegex("^wp_(?!.*__(import|aside))[a-z0-9_]{1,39}$")]
    private static partial Regex Name();
}
