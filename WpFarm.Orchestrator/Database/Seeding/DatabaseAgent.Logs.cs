using WpFarm.Backups.Gtid;
using WpFarm.Contracts.Agents;
using WpFarm.Contracts.Agents.Database;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>Orders that read binary logs from a server and apply them to one.</summary>
internal sealed partial class DatabaseAgent
{
    /// <summary>Every file of the server's binary log, oldest first.</summary>
    public async Task<IReadOnlyList<ServerLog>> LogsAsync(CancellationToken cancel) =>
        [
            .. (await AskAsync(new LogsOrder(), AgentJson.Default.IReadOnlyListBinaryLogFile, cancel)).Select(log => new ServerLog(
                log.File,
                log.Bytes,
                GtidPosition.Parse(log.Start),
                log.End is null ? null : GtidPosition.Parse(log.End)
            )),
        ];

    /// <param name="file">A closed file of the binary log.</param>
    public Task<AgentStream<LogExtent>> LogAsync(string file, CancellationToken cancel) =>
        StreamAsync(new LogOrder(file), "the binary log", cancel);

    /// <summary>Writes the transactions in the server's binary log after a position into a file on its volume.</summary>
    /// <returns>Path of the file. Null when there are no such transactions.</returns>
    public async Task<string?> SaveAsync(GtidPosition beyond, CancellationToken cancel) =>
        await OrderAsync(new SaveOrder(beyond.ToString()), cancel) is { Length: > 0 } path ? path : null;

    /// <summary>
    /// Applies the transactions of a binary log that the server lacks, under their own GTIDs, and writes them to its own binary log. The
    /// server may be read-only, but must not follow another. The call can be repeated.
    /// </summary>
    /// <param name="log">A log as returned by <see cref="LogAsync"/>.</param>
    /// <param name="from">
    /// The position before the log, which the server must have. Otherwise the call fails; with a limit it applies nothing instead, because
    /// an earlier log already ended at the limit.
    /// </param>
    /// <param name="limit">How far to apply the log. Null: to its end.</param>
    public Task ReplayAsync(Stream log, GtidPosition from, ReplayLimit? limit, CancellationToken cancel) =>
        PutAsync(
            new ReplayOrder(
                from.ToString(),
                (limit as ReplayLimit.Until)?.At.ToUnixTimeSeconds(),
                (limit as ReplayLimit.Through)?.Gtid.ToString()
            ),
            log,
            cancel
        );

    /// <summary>
    /// Ensures that no number up to this position is used again: in each GTID domain that is behind, it writes an empty transaction. The
    /// server may be read-only, but must not follow another.
    /// </summary>
    public Task AdvanceAsync(GtidPosition position, CancellationToken cancel) => OrderAsync(new AdvanceOrder(position.ToString()), cancel);
}
