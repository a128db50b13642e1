using System.Globalization;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Deployment.Database;

/// <summary>Reads from a replica what a person who tunes the database looks at first.</summary>
public sealed class DatabaseAdvice(Farm farm, FarmInstance instance)
{
    private const int Rows = 10;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly ComposeContainers _containers = new(instance);

    /// <param name="server">A replica; on the writer, these queries would slow down the sites' writes.</param>
    /// <exception cref="OperationFailedException">The server does not answer.</exception>
    public async Task<DatabaseFindings> ExamineAsync(string server, CancellationToken cancel) =>
        new(
            [
                .. (
                    await AskAsync(
                        server,
                        $"""
                        SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_ROWS, DATA_LENGTH + INDEX_LENGTH FROM information_schema.TABLES
                        WHERE TABLE_SCHEMA LIKE 'wp%' ORDER BY 4 DESC LIMIT {Rows}
                        """,
                        cancel
                    )
                ).Select(row => new LargeTable(row[0], row[1], Number(row[2]), new ByteSize(Number(row[3])))),
            ],
            [.. (await AutoloadedAsync(server, cancel)).OrderByDescending(site => site.Size.Bytes).Take(Rows)],
            [
                .. (
                    await AskAsync(
                        server,
                        $"""
                        SELECT SCHEMA_NAME, COUNT_STAR, ROUND(SUM_ROWS_EXAMINED / COUNT_STAR), ROUND(SUM_ROWS_SENT / COUNT_STAR),
                            LEFT(REPLACE(DIGEST_TEXT, '\n', ' '), 200)
                        FROM performance_schema.events_statements_summary_by_digest
                        WHERE SCHEMA_NAME LIKE 'wp%' AND SUM_NO_INDEX_USED > 0 AND SUM_ROWS_EXAMINED / COUNT_STAR > 1000
                        ORDER BY SUM_ROWS_EXAMINED DESC LIMIT {Rows}
                        """,
                        cancel
                    )
                ).Select(row => new FullScan(row[0], Number(row[1]), Number(row[2]), Number(row[3]), row[4])),
            ]
        );

    /// <summary>Counts each site's autoloaded options, which every request loads.</summary>
    private async Task<List<AutoloadedOptions>> AutoloadedAsync(string server, CancellationToken cancel)
    {
        var found = new List<AutoloadedOptions>();
        foreach (var site in farm.Sites)
        foreach (
            var row in await AskAsync(
                server,
                $"SELECT COUNT(*), COALESCE(SUM(LENGTH(option_value)), 0) FROM {site.Database}.wp_options "
                    + "WHERE autoload IN ('yes', 'on', 'auto', 'auto-on')",
                cancel
            )
        )
            found.Add(new(site.Id, Number(row[0]), new ByteSize(Number(row[1]))));
        return found;
    }

    private async Task<IEnumerable<string[]>> AskAsync(string server, string sql, CancellationToken cancel) =>
        (
            await _containers.SqlAsync(server, sql, s_patience, cancel)
            ?? throw new OperationFailedException($"{server} does not answer. Run ./farm db status to see why.")
        )
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t'));

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

public sealed record DatabaseFindings(
    IReadOnlyList<LargeTable> LargestTables,
    IReadOnlyList<AutoloadedOptions> Autoloaded,
    IReadOnlyList<FullScan> FullScans
);

/// <param name="Rows">The storage engine's estimate.</param>
/// <param name="Size">Size of data and indexes.</param>
public sealed record LargeTable(string Schema, string Table, long Rows, ByteSize Size);

public sealed record AutoloadedOptions(string Site, long Options, ByteSize Size)
{
    /// <summary>True above 800 kB, the limit above which WordPress's own Site Health warns.</summary>
    public bool IsTooLarge => Size.Bytes > 800_000;
}

/// <summary>A statement that reads rows without an index.</summary>
/// <param name="Times">How often it ran since the server started.</param>
/// <param name="Examined">Rows read per run, on average.</param>
/// <param name="Sent">Rows of the result per run, on average.</param>
public sealed record FullScan(string Schema, long Times, long Examined, long Sent, string Statement);
