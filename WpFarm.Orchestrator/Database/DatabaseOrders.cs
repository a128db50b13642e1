using System.Collections.Concurrent;

namespace WpFarm.Orchestrator.Database;

/// <summary>What people ask for, taken up by the <see cref="DatabaseAuthority"/> at its next look: nobody else touches roles.</summary>
internal sealed class DatabaseOrders
{
    private readonly ConcurrentQueue<Func<Knowledge, Knowledge>> _changes = new();
    private readonly ConcurrentQueue<SwitchoverOrder> _switchovers = new();

    /// <summary>A server in maintenance is given no role.</summary>
    public void Maintain(DatabaseServer server, bool on) =>
        _changes.Enqueue(known => known with { Maintenance = on ? known.Maintenance.Add(server) : known.Maintenance.Remove(server) });

    /// <summary>Somebody has looked at the last failover: the next may come at any time.</summary>
    public void Acknowledge() => _changes.Enqueue(known => known with { FailedOverAt = null });

    /// <returns>Null when it is done; otherwise why not.</returns>
    public Task<string?> SwitchOver(DatabaseServer? to)
    {
        var order = new SwitchoverOrder(to);
        _switchovers.Enqueue(order);
        return order.Completion.Task;
    }

    public Knowledge Apply(Knowledge known)
    {
        while (_changes.TryDequeue(out var change))
            known = change(known);
        return known;
    }

    public SwitchoverOrder? TakeSwitchover() => _switchovers.TryDequeue(out var order) ? order : null;
}
