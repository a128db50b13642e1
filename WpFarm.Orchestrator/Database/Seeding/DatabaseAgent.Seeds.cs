using WpFarm.Contracts.Agents;
using WpFarm.Contracts.Agents.Database;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>Copies of a server's data, and another's data in place of its own.</summary>
internal sealed partial class DatabaseAgent
{
    /// <param name="since">Null: everything. Otherwise what has changed after the copy, of the same server, that reached to there.</param>
    /// <param name="contents">Whether the tables that are copied are counted, while the server holds still.</param>
    public Task<AgentStream<CopyExtent>> CopyAsync(ulong? since, bool contents, CancellationToken cancel) =>
        StreamAsync(new CopyOrder(since, contents), "the copy", cancel);

    /// <summary>Which data it is that would be copied.</summary>
    public Task<DataOrigin> OriginAsync(CancellationToken cancel) => AskAsync(new OriginOrder(), AgentJson.Default.DataOrigin, cancel);

    /// <summary>Makes a full copy this server's next data, beside the present; with what changed after it, if that follows.</summary>
    public Task TakeBaseAsync(Stream copy, CancellationToken cancel) => PutAsync(new SeedBaseOrder(), copy, cancel);

    public Task TakeIncrementAsync(Stream copy, CancellationToken cancel) => PutAsync(new SeedIncrementOrder(), copy, cancel);

    /// <summary>The server starts again with the next data.</summary>
    /// <param name="at">The position of the copy that it was made from.</param>
    /// <param name="aside">Whether the present data is kept beside it; what was kept before is removed then.</param>
    public Task UseAsync(string at, bool aside, CancellationToken cancel) => OrderAsync(new UseSeedOrder(at, aside), cancel);

    /// <summary>The server starts again with no data at all. Only the scratch server does so.</summary>
    public Task EmptyAsync(CancellationToken cancel) => OrderAsync(new EmptyOrder(), cancel);

    /// <summary>Removes the next data.</summary>
    public Task GiveUpAsync(CancellationToken cancel) => OrderAsync(new RemoveSeedOrder(), cancel);

    /// <returns>Null: nothing is kept aside.</returns>
    public async Task<DataAside?> AsideAsync(CancellationToken cancel) =>
        await OrderAsync(new AsideOrder(), cancel) is { Length: > 0 } said ? Parse(said, AgentJson.Default.DataAside) : null;

    /// <summary>Harmless when nothing is kept aside.</summary>
    public Task RemoveAsideAsync(CancellationToken cancel) => OrderAsync(new RemoveAsideOrder(), cancel);
}
