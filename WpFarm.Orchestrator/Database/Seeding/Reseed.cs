using System.Globalization;
using WpFarm.Backups.Gtid;
using WpFarm.Contracts.Agents.Database;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>
/// Replaces a server's data by a copy of another server's. Both servers continue to run while the copy is made; the target restarts only at
/// the end. A failure before that leaves the target as it was.
/// </summary>
internal sealed class Reseed(
    MariaDbServer target,
    MariaDbServer source,
    ReplicationAction.Seed order,
    TimeProvider time,
    Action<SeedReport> publish
)
{
    /// <param name="handshake">Signals when the target may be stopped.</param>
    /// <exception cref="PhaseFailedException">A phase failed. The message names it and the reason.</exception>
    public async Task RunAsync(StopHandshake handshake, CancellationToken cancel)
    {
        var seed = new Procedure<SeedReport>(new(order.Server.Name, order.From.Name, order.Reason, time.GetUtcNow()), time, publish);
        var at = "";
        await seed.PhaseAsync("room", () => CheckRoomAsync(cancel));
        try
        {
            await seed.PhaseAsync("copy", async () =>
            {
                var (extent, bytes) = await CopyAsync(read => seed.Publish(seed.Report with { Bytes = read }), cancel);
                at = extent.Gtid;
                return string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MB from {order.From}, at {at}");
            });
            await seed.PhaseAsync("save", async () =>
            {
                var saved = await target.Agent.SaveAsync(order.Common, cancel);
                seed.Publish(seed.Report with { Saved = saved });
                return saved is null
                    ? "it has no transaction that the others lack"
                    : $"the transactions that only it has are in {saved}, on its volume";
            });
            await seed.PhaseAsync("turn", "it has no role", () => handshake.TakeAsync(time, cancel));
            await seed.PhaseAsync("use", "starts again with the copy", () => target.Agent.UseAsync(at, aside: false, cancel));
        }
        catch (PhaseFailedException)
        {
            await target.Agent.GiveUpAsync(cancel);
            throw;
        }
        finally
        {
            handshake.End();
        }

        await seed.PhaseAsync("return", $"{order.Server} answers", () => target.ReturnsAsync(GtidPosition.Parse(at), cancel));
        seed.End();
    }

    private async Task<string> CheckRoomAsync(CancellationToken cancel)
    {
        var needed = (await source.Agent.RoomAsync(cancel)).Data + SeedSpace.Spare;
        var free = (await target.Agent.RoomAsync(cancel)).Free;
        return free >= needed
            ? $"{needed >> 20} MB of {free >> 20}"
            : throw new RefusedException(
                $"{order.Server} has {free >> 20} MB free and needs {needed >> 20} MB: free space there, "
                    + "or remove its container and its volume, and bring it up again"
            );
    }

    private async Task<(CopyExtent Extent, long Bytes)> CopyAsync(Action<long> progress, CancellationToken cancel)
    {
        using var copy = await source.Agent.CopyAsync(since: null, contents: false, cancel);
        await using var counted = new CountedStream(copy.Content, progress);
        await target.Agent.TakeBaseAsync(counted, cancel);
        var extent = copy.Extent();
        // If a primary rolled back own transactions in a crash, its copy may claim more of them than its data has.
        return await source.HasAsync(GtidPosition.Parse(extent.Gtid), cancel)
            ? (extent, counted.Count)
            : throw new IOException($"{order.From} has fewer transactions than its copy ({extent.Gtid})");
    }
}
