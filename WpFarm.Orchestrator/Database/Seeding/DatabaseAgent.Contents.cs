using WpFarm.Backups.Catalogue;
using WpFarm.Contracts.Agents;
using WpFarm.Contracts.Agents.Database;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>What is in the tables.</summary>
internal sealed partial class DatabaseAgent
{
    /// <summary>
    /// Rows and checksum of each table outside of MariaDB's own and the Orchestrator's notes. Each is of one moment; without writes, all
    /// are. Reads everything.
    /// </summary>
    public Task<IReadOnlyList<TableDigest>> ContentsAsync(CancellationToken cancel) => DigestsAsync(new(Copy: null), cancel);

    /// <summary>The same of exactly what was copied. Kept until the server is copied again, or starts again.</summary>
    /// <returns>Null: it was not counted.</returns>
    public async Task<IReadOnlyList<TableDigest>?> ContentsAsync(CopyExtent copy, CancellationToken cancel) =>
        copy.Contents is null ? null : await DigestsAsync(new(copy.Contents), cancel);

    /// <summary>What mariadb-check finds in all databases.</summary>
    /// <returns>Empty: every table is sound.</returns>
    public Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancel) =>
        AskAsync(new CheckTablesOrder(), AgentJson.Default.IReadOnlyListString, cancel);

    private async Task<IReadOnlyList<TableDigest>> DigestsAsync(ContentsOrder order, CancellationToken cancel) =>
        [
            .. (await AskAsync(order, AgentJson.Default.IReadOnlyListTableContents, cancel)).Select(table => new TableDigest(
                table.Database,
                table.Table,
                table.Rows,
                table.Checksum
            )),
        ];
}
