using WpFarm.Contracts.Agents;
using WpFarm.Contracts.Agents.Database;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>Orders that copy a server's data, and that replace it by a copy of another server's.</summary>
internal sealed partial class DatabaseAgent
{
    /// <param name="since">
    /// Null for a full copy. Otherwise the log sequence number (LSN) at which an earlier copy of the same server ended: only later changes
    /// are copied.
    /// </param>
    /// <param name="contents">Whether the rows and checksums of the copied tables are computed while the server is held still.</param>
    public Task<AgentStream<CopyExtent>> CopyAsync(ulong? since, bool contents, CancellationToken cancel) =>
        StreamAsync(new CopyOrder(since, contents), "the copy", cancel);

    /// <summary>Identifies the data that would be copied.</summary>
    public Task<DataOrigin> OriginAsync(CancellationToken cancel) => AskAsync(new OriginOrder(), AgentJson.Default.DataOrigin, cancel);

    /// <summary>Stores a full copy as this server's next data, beside its present data. It can be followed by incremental copies.</summary>
    public Task TakeBaseAsync(Stream copy, CancellationToken cancel) => PutAsync(new SeedBaseOrder(), copy, cancel);

    public Task TakeIncrementAsync(Stream copy, CancellationToken cancel) => PutAsync(new SeedIncrementOrder(), copy, cancel);

    /// <summary>Restarts the server with the next data.</summary>
    /// <param name="at">GTID position of the copy that the next data was made from.</param>
    /// <param name="aside">Whether the present data is kept beside the new. Data that was kept before is then deleted.</param>
    public Task UseAsync(string at, bool aside, CancellationToken cancel) => OrderAsync(new UseSeedOrder(at, aside), cancel);

    /// <summary>Restarts the server without any data. Used for the scratch server only.</summary>
    public Task EmptyAsync(CancellationToken cancel) => OrderAsync(new EmptyOrder(), cancel);

    /// <summary>Deletes the next data.</summary>
    public Task GiveUpAsync(CancellationToken cancel) => OrderAsync(new RemoveSeedOrder(), cancel);

    /// <returns>The data kept aside. Null when there is none.</returns>
    public async Task<DataAside?> AsideAsync(CancellationToken cancel) =>
        await OrderAsync(new AsideOrder(), cancel) is { Length: > 0 } said ? Parse(said, AgentJson.Default.DataAside) : null;

    /// <summary>Deletes the data kept aside, if there is any.</summary>
    public Task RemoveAsideAsync(CancellationToken cancel) => OrderAsync(new RemoveAsideOrder(), cancel);
}
