using System.Globalization;
using WpFarm.Backups.Gtid;
using WpFarm.Contracts.Agents.Database;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>
/// Replaces a server's data by a copy of another's. Both go on while it is made; only at its end the server starts anew. Whatever fails
/// before that leaves the server as it was.
/// </summary>
internal sealed class Reseed(
    MariaDbServer target,
    MariaDbServer source,
    ReplicationAction.Seed order,
    TimeProvider time,
    Action<SeedReport> tell
)
{
    /// <param name="turn">Comes when the server may be stopped.</param>
    /// <exception cref="PhaseFailedException">In which phase, and why.</exception>
    public async Task RunAsync(StopHandshake turn, CancellationToken cancel)
    {
        var seed = new Procedure<SeedReport>(new(order.Server.Name, order.From.Name, order.Reason, time.GetUtcNow()), time, tell);
        var at = "";
        await seed.PhaseAsync("room", () => CheckRoomAsync(cancel));
        try
        {
            await seed.PhaseAsync("copy", async () =>
            {
                var (extent, bytes) = await CopyAsync(read => seed.Tell(seed.Report with { Bytes = read }), cancel);
                at = extent.Gtid;
                return string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MB from {order.From}, at {at}");
            });
            await seed.PhaseAsync("save", async () =>
            {
                var saved = await target.Agent.SaveAsync(order.Common, cancel);
                seed.Tell(seed.Report with { Saved = saved });
                return saved is null ? "it has nothing that others have not" : $"what only it has is in {saved}, on its volume";
            });
            await seed.PhaseAsync("turn", "it has no role", () => turn.TakeAsync(time, cancel));
            await seed.PhaseAsync("use", "starts again with the copy", () => target.Agent.UseAsync(at, aside: false, cancel));
        }
        catch (PhaseFailedException)
        {
            await target.Agent.GiveUpAsync(cancel);
            throw;
        }
        finally
        {
            turn.End();
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
                $"{order.Server} has {free >> 20} MB free and needs {needed >> 20}: make room, "
                    + "or remove its container and its volume, and bring it up again"
            );
    }

    private async Task<(CopyExtent Extent, long Bytes)> CopyAsync(Action<long> progress, CancellationToken cancel)
    {
        using var copy = await source.Agent.CopyAsync(since: null, contents: false, cancel);
        await using var counted = new CountedStream(copy.Content, progress);
        await target.Agent.TakeBaseAsync(counted, cancel);
        var extent = copy.Extent();
        // Of a primary's own transactions the copy may claim more than its data has, if it rolled some back in a crash.
        return await source.HasAsync(GtidPosition.Parse(extent.Gtid), cancel)
            ? (extent, counted.Count)
            : throw new IOException($"{order.From} has less than its copy says ({extent.Gtid})");
    }
}
