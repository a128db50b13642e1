using System.Collections.Concurrent;

namespace WpFarm.Orchestrator.Database;

/// <summary>What people ask for, taken up by the <see cref="DatabaseAuthority"/> at its next look: nobody else touches roles.</summary>
internal sealed class DatabaseOrders
{
    private readonly ConcurrentQueue<Func<ClusterState, ClusterState>> _changes = new();
    private readonly ConcurrentQueue<SwitchoverOrder> _switchovers = new();
    private readonly ConcurrentQueue<TaskCompletionSource<string?>> _renewals = new();

    /// <summary>A server in maintenance is given no role.</summary>
    public void Maintain(DatabaseServer server, bool on) =>
        Change(known => known with { Maintenance = on ? known.Maintenance.Add(server) : known.Maintenance.Remove(server) });

    /// <param name="on">Off: it has got its copy, or shall not get one.</param>
    public void Reseed(DatabaseServer server, bool on) =>
        Change(known => known with { Reseeding = on ? known.Reseeding.Add(server) : known.Reseeding.Remove(server) });

    /// <summary>Somebody has looked at the last failover: the next may come at any time.</summary>
    public void Acknowledge() => Change(known => known with { FailedOverAt = null });

    /// <summary>The number of a tier's containers does not follow the load.</summary>
    public void PauseScaling(string tier, bool on) =>
        Change(known => known with { ScalingPaused = on ? known.ScalingPaused.Add(tier) : known.ScalingPaused.Remove(tier) });

    /// <param name="until">Null: the deployment is over.</param>
    public void HoldScaling(DateTimeOffset? until) => Change(known => known with { ScalingHeldUntil = until });

    public void Change(Func<ClusterState, ClusterState> change) => _changes.Enqueue(change);

    /// <returns>Null when it is done; otherwise why not.</returns>
    public Task<string?> SwitchOverAsync(DatabaseServer? to)
    {
        var order = new SwitchoverOrder(to);
        _switchovers.Enqueue(order);
        return order.Completion.Task;
    }

    /// <summary>Every server takes the password up that it fetches from the others with.</summary>
    /// <returns>Null when it is done; otherwise why not.</returns>
    public Task<string?> RenewReplicationPasswordAsync()
    {
        var done = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
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

    public TaskCompletionSource<string?>? TakeRenewal() => _renewals.TryDequeue(out var done) ? done : null;
}
