using System.Data.Common;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Database;

/// <summary>
/// A planned change of the writer: the next one has everything before the present one lets go. A statement that comes in between is
/// refused as read-only, which is safe to send again; nobody's transaction is lost or cut in the middle of its commit.
/// </summary>
internal sealed class Switchover(IReadOnlyList<IDatabaseServer> servers)
{
    /// <summary>
    /// Time without a writer that is worth asking for: the next one applies what it lacks within it, or nothing is changed.
    /// </summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    /// <returns>The promotion that is now possible: the writer is read-only, and has what the next one has.</returns>
    /// <exception cref="RefusedException">Nothing was changed: who is asked for is not fit for it.</exception>
    /// <exception cref="TimeoutException">The writer has its role again: the next one did not catch up in time.</exception>
    public async Task<ReplicationAction.Promote> PrepareAsync(
        SwitchoverOrder order,
        IReadOnlyList<ServerObservation> seen,
        ClusterState known,
        CancellationToken cancel
    )
    {
        var writer = seen.FirstOrDefault(server => server.Server == known.Writer && server.IsWritable)
            ?? throw new RefusedException("nobody takes writes now");
        var next = seen.FirstOrDefault(server =>
            server.Server.IsPrimary && server.Server != writer.Server && (order.To is null || server.Server == order.To)
        ) ?? throw new RefusedException($"{order.To} is not another primary");
        if (!next.Answers)
            throw new RefusedException($"{next.Server} does not answer: {next.Failure}");
        if (known.IsOut(next.Server))
            throw new RefusedException($"{next.Server} is in maintenance, or to be seeded anew");
        if (next.Status.ChannelTo(writer.Server) is not { IsRunning: true, Lag: { TotalSeconds: <= 2 } })
            throw new RefusedException($"{next.Server} does not follow {writer.Server} closely enough");

        var (from, to) = (Find(writer.Server), Find(next.Server));
        try
        {
            await from.SetReadOnlyAsync(true, cancel);
            await to.CatchUpAsync((await from.ObserveAsync(cancel)).Position.OfPrimaries, s_pause, cancel);
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            await from.SetReadOnlyAsync(false, cancel);
            throw;
        }

        // No commit waits any more: read-only came after the last. Now its sessions find the new writer.
        await from.AwaitAcknowledgementAsync(false, cancel);
        await from.EndSessionsAsync(cancel);
        return new ReplicationAction.Promote(next.Server, $"switchover from {writer.Server}: {order.Reason}");
    }

    private IDatabaseServer Find(DatabaseServer server) => servers.First(candidate => candidate.Identity == server);
}

/// <param name="To">Null: the other primary.</param>
internal sealed record SwitchoverOrder(DatabaseServer? To)
{
    public string Reason { get; init; } = "asked for by a person";

    /// <summary>Accepted: the switchover is done.</summary>
    public TaskCompletionSource<Outcome> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
