using WpFarm.Backups.Gtid;
using WpFarm.Contracts.Agents;
using WpFarm.Contracts.Agents.Database;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>The binary log: away from a server, and into another.</summary>
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

    /// <param name="file">One that is closed.</param>
    public Task<AgentStream<LogExtent>> LogAsync(string file, CancellationToken cancel) =>
        StreamAsync(new LogOrder(file), "the binary log", cancel);

    /// <summary>Writes what the server's binary log has beyond a position into a file of its volume.</summary>
    /// <returns>Its path; null when there is nothing.</returns>
    public async Task<string?> SaveAsync(GtidPosition beyond, CancellationToken cancel) =>
        await OrderAsync(new SaveOrder(beyond.ToString()), cancel) is { Length: > 0 } path ? path : null;

    /// <summary>
    /// Applies what a binary log has beyond what the server has, under the transactions' own numbers, into its own binary log. The server
    /// may be read-only, and must follow nobody. Can be repeated.
    /// </summary>
    /// <param name="log">As <see cref="LogAsync"/> gave it.</param>
    /// <param name="from">
    /// What comes before it, and must be there. Where it is not, it fails; with a limit nothing is applied then, as it was an earlier log
    /// that ended at the limit.
    /// </param>
    /// <param name="limit">Null: to its end.</param>
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
    /// Sees to it that no number up to these is given again, by a transaction that does nothing in each domain that is not that far. The
    /// server may be read-only, and must follow nobody.
    /// </summary>
    public Task AdvanceAsync(GtidPosition position, CancellationToken cancel) => OrderAsync(new AdvanceOrder(position.ToString()), cancel);
}
