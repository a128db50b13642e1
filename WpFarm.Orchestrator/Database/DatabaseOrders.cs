using System.Collections.Concurrent;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Database;

/// <summary>
/// Orders from operators. The <see cref="DatabaseAuthority"/> carries them out at its next tick, so that it alone changes roles.
/// </summary>
internal sealed class DatabaseOrders
{
    private readonly ConcurrentQueue<Func<ClusterState, ClusterState>> _changes = new();
    private readonly ConcurrentQueue<SwitchoverOrder> _switchovers = new();
    private readonly ConcurrentQueue<TaskCompletionSource<Outcome>> _renewals = new();

    /// <summary>Puts a server into maintenance, or ends it. A server in maintenance is given no role.</summary>
    public void Maintain(DatabaseServer server, bool on) =>
        Change(known => known with { Maintenance = on ? known.Maintenance.Add(server) : known.Maintenance.Remove(server) });

    /// <param name="on">True to reseed the server. False when that is done, or no longer wanted.</param>
    public void Reseed(DatabaseServer server, bool on) =>
        Change(known => known with { Reseeding = on ? known.Reseeding.Add(server) : known.Reseeding.Remove(server) });

    /// <summary>Records that an operator has acknowledged the last failover. The cooldown before the next one ends.</summary>
    public void Acknowledge() => Change(known => known with { FailedOverAt = null });

    /// <summary>Pauses a tier's autoscaling, or ends the pause.</summary>
    public void PauseScaling(string tier, bool on) =>
        Change(known => known with { ScalingPaused = on ? known.ScalingPaused.Add(tier) : known.ScalingPaused.Remove(tier) });

    /// <param name="until">End of the hold. Null when the deployment is over.</param>
    public void HoldScaling(DateTimeOffset? until) => Change(known => known with { ScalingHeldUntil = until });

    public void Change(Func<ClusterState, ClusterState> change) => _changes.Enqueue(change);

    /// <returns>Accepted when the switchover is done. Refused when it failed, or when nothing was changed.</returns>
    public Task<Outcome> SwitchOverAsync(DatabaseServer? to)
    {
        var order = new SwitchoverOrder(to);
        _switchovers.Enqueue(order);
        return order.Completion.Task;
    }

    /// <summary>Makes every server use the present replication password.</summary>
    /// <returns>Accepted when every server uses it. Refused with the names of the servers that do not.</returns>
    public Task<Outcome> RenewReplicationPasswordAsync()
    {
        var done = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _renewals.Enqueue(done);
        return done.Task;
    }

    public ClusterState Apply(ClusterState known)
    {
        while (_changes.TryDequeue(out var change))
            known = change(known);
        return known;
    }

    public SwitchoverOrder? TakeSwitchover() => _switchovers.TryDequeue(out var order) ? order : null;

    public TaskCompletionSource<Outcome>? TakeRenewal() => _renewals.TryDequeue(out var done) ? done : null;
}
