using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Planning;

namespace WpFarm.Scaling.Simulation;

/// <summary>
/// A pool as a queue. At each moment it is M/M/c in the steady state of that moment's load (the pointwise stationary approximation;
/// Green and Kolesar, Management Science 37, 1991). What arrives beyond its capacity, where there is no steady state, is a fluid that
/// piles up and is worked off (Newell, "Applications of Queueing Theory", 2). Numbers and times belong together by Little's law.
/// </summary>
/// <param name="tier">Workers and CPU of a container.</param>
internal sealed class PoolModel(TierOptions tier)
{
    /// <summary>HAProxy gives up on a request that waits longer: <c>timeout queue</c> in haproxy.cfg.</summary>
    private const double LongestWait = 10;

    /// <summary>HAProxy sends a container so many more than it has workers: <c>maxconn</c> in haproxy.cfg.</summary>
    private const int AheadOfWorkers = 4;

    /// <summary>Nearer to full, the steady state is so far off that no second reaches it; there the fluid takes over.</summary>
    private const double NearlyFull = 0.95;

    /// <summary>Memory of an idle container, and what all its workers add when they are busy, in percent of its limit: assumed.</summary>
    private const double IdleMemory = 20,
        WorkersMemory = 40;

    private double _backlog;

    /// <summary>One second.</summary>
    /// <param name="ready">Containers that serve; 0 and up.</param>
    public PoolSecond Pass(TrafficSecond traffic, int ready)
    {
        const double Cpu = Measured.PhpSecondsPerPage;
        var service = Cpu + (traffic.DatabaseMs / 1000);
        // A worker that waits for the database leaves its CPU to others: so many work side by side.
        var servers = ready * Math.Min(tier.Workers, tier.Cpus * service / Cpu);
        var capacity = servers / service;
        var served = Math.Min(_backlog + traffic.Pages, capacity);
        _backlog = Math.Max(0, _backlog + traffic.Pages - served);
        var steady = Math.Min(traffic.Pages, NearlyFull * capacity);
        var whole = Math.Max(1, (int)servers);
        var wait =
            ready == 0 ? LongestWait : (ErlangC.Waits(whole, steady * whole / capacity) / (capacity - steady)) + (_backlog / capacity);

        var inside = (served * service) + (wait * served);
        var queue = Math.Max(0, Math.Max(inside, _backlog) - (ready * (tier.Workers + AheadOfWorkers)));
        var lost = Math.Min(_backlog, Math.Max(0, queue - (LongestWait * capacity)));
        _backlog -= lost;
        var busy = ready == 0 ? 0 : Math.Min(1, inside / (ready * tier.Workers));
        return new(
            Cpu: ready == 0 ? 0 : 100 * served * Cpu / (ready * tier.Cpus),
            Memory: IdleMemory + (WorkersMemory * busy),
            Latency: 1000 * (service + wait),
            Queue: queue,
            Busy: 100 * busy,
            Served: served,
            Lost: lost
        );
    }
}

/// <param name="Latency">Milliseconds.</param>
/// <param name="Queue">Requests that wait in the balancer.</param>
/// <param name="Served">Pages.</param>
/// <param name="Lost">Pages that waited for too long.</param>
internal readonly record struct PoolSecond(
    double Cpu,
    double Memory,
    double Latency,
    double Queue,
    double Busy,
    double Served,
    double Lost
);
