using System.Data.Common;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Database;

/// <summary>
/// A planned change of the writer. The present writer becomes read-only, and gives up its role once the next writer has everything. A
/// statement in between is refused as read-only and can safely be sent again. No transaction is lost or cut off during its commit.
/// </summary>
internal sealed class Switchover(IReadOnlyList<IDatabaseServer> servers)
{
    /// <summary>
    /// Longest acceptable time without a writer. If the next writer does not apply what it lacks within it, the switchover is aborted.
    /// </summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    /// <returns>The promotion that is now possible: the writer is read-only, and the next writer has everything it has.</returns>
    /// <exception cref="RefusedException">The requested server cannot become the writer. Nothing was changed.</exception>
    /// <exception cref="TimeoutException">The next writer did not catch up in time. The present writer takes writes again.</exception>
    public async Task<ReplicationAction.Promote> PrepareAsync(
        SwitchoverOrder order,
        IReadOnlyList<ServerObservation> seen,
        ClusterState known,
        CancellationToken cancel
    )
    {
        var writer = seen.FirstOrDefault(server => server.Server == known.Writer && server.IsWritable)
            ?? throw new RefusedException("no server takes writes now, so none can hand over. See why: ./farm db status");
        var next = seen.FirstOrDefault(server =>
            server.Server.IsPrimary && server.Server != writer.Server && (order.To is null || server.Server == order.To)
        ) ?? throw new RefusedException($"{order.To} is not another primary");
        if (!next.Answers)
            throw new RefusedException($"{next.Server} does not answer: {next.Failure}");
        if (known.IsOut(next.Server))
            throw new RefusedException($"{next.Server} is in maintenance, or waits for a reseed");
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

        // No commit waits any more: the writer became read-only after the last one. Now its sessions are ended, and connect to the new
        // writer.
        await from.AwaitAcknowledgementAsync(false, cancel);
        await from.EndSessionsAsync(cancel);
        return new ReplicationAction.Promote(next.Server, $"switchover from {writer.Server}: {order.Reason}");
    }

    private IDatabaseServer Find(DatabaseServer server) => servers.First(candidate => candidate.Identity == server);
}

/// <param name="To">The next writer. Null for the other primary.</param>
internal sealed record SwitchoverOrder(DatabaseServer? To)
{
    public string Reason { get; init; } = "ordered by a person";

    /// <summary>The outcome. Accepted when the switchover is done.</summary>
    public TaskCompletionSource<Outcome> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
