using WpFarm.Backups.Catalogue;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>What is in the tables.</summary>
internal sealed partial class DatabaseAgent
{
    /// <summary>Rows and checksum of each table outside of MariaDB's own and the Orchestrator's notes. Each is of one moment; without writes, all are. Reads everything.</summary>
    public Task<IReadOnlyList<TableDigest>> ContentsAsync(CancellationToken cancel) =>
        AskAsync("/contents", AgentJson.Default.IReadOnlyListTableDigest, cancel);

    /// <summary>The same of exactly what was copied. Kept until the server is copied again, or starts again.</summary>
    /// <returns>Null: it was not counted.</returns>
    public async Task<IReadOnlyList<TableDigest>?> ContentsAsync(CopyExtent copy, CancellationToken cancel) =>
        copy.Contents is null
            ? null
            : await AskAsync($"/contents?copy={copy.Contents}", AgentJson.Default.IReadOnlyListTableDigest, cancel);

    /// <summary>What mariadb-check finds in all databases.</summary>
    /// <returns>Empty: every table is sound.</returns>
    public Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancel) =>
        AskAsync("/check", AgentJson.Default.IReadOnlyListString, cancel);
}
