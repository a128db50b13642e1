using WpFarm.Backups.Catalogue;
using WpFarm.Contracts.Agents;
using WpFarm.Contracts.Agents.Database;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>Orders that check the contents of tables.</summary>
internal sealed partial class DatabaseAgent
{
    /// <summary>
    /// Row count and checksum of each table, except MariaDB's own and those of the Orchestrator. Each table is read at one moment; all at
    /// the same moment only if there are no writes. The call reads all data.
    /// </summary>
    public Task<IReadOnlyList<TableDigest>> ContentsAsync(CancellationToken cancel) => DigestsAsync(new(Copy: null), cancel);

    /// <summary>
    /// Row counts and checksums of exactly the data that was copied. The agent keeps them until the server is copied again or restarts.
    /// </summary>
    /// <returns>Null when the copy was made without counting.</returns>
    public async Task<IReadOnlyList<TableDigest>?> ContentsAsync(CopyExtent copy, CancellationToken cancel) =>
        copy.Contents is null ? null : await DigestsAsync(new(copy.Contents), cancel);

    /// <summary>The problems that mariadb-check finds in all databases.</summary>
    /// <returns>Empty when every table is sound.</returns>
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
