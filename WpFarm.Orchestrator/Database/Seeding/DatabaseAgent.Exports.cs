using System.Globalization;
using System.Text.RegularExpressions;
using WpFarm.Contracts.Agents.Database;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>One database as statements.</summary>
internal sealed partial class DatabaseAgent
{
    /// <summary>A snapshot; nobody is locked out.</summary>
    public Task<AgentStream<ExportExtent>> ExportAsync(string database, CancellationToken cancel) =>
        StreamAsync(new ExportOrder(database), "the export", cancel);

    /// <summary>
    /// Loads an export beside a database, then all its tables take the place of those that are there, in one moment. A failure leaves the
    /// database as it is. For the writer alone, and for tables alone: views, triggers and routines are refused.
    /// </summary>
    /// <param name="aside">Gets the tables that are replaced (<see cref="AsideName"/>); null: they are removed.</param>
    public Task ImportAsync(string database, string? aside, Stream dump, CancellationToken cancel) =>
        PutAsync(new ImportOrder(database, aside), dump, cancel);

    /// <summary>Removes what an import has put aside.</summary>
    public Task RemoveDatabaseAsync(string aside, CancellationToken cancel) => OrderAsync(new RemoveDatabaseOrder(aside), cancel);

    /// <summary>For example <c>wp_blog__aside_20260102030405</c>.</summary>
    public static string AsideName(string database, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{database}__aside_{at.UtcDateTime:yyyyMMddHHmmss}");

    /// <summary>Whether an import can go into a database of that name.</summary>
    public static bool IsName(string database) => Name().IsMatch(database);

    [GeneratedRegex("^wp_(?!.*__(import|aside))[a-z0-9_]{1,39}$")]
    private static partial Regex Name();
}
