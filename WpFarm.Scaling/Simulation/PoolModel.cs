using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Planning;

namespace WpFarm.Scaling.Simulation;

/// <summary>
/// Models a pool as a queue. At each moment it is an M/M/c queue in the steady state of the present load (the pointwise stationary
/// approximation; Green and Kolesar, Management Science 37, 1991). Load beyond its capacity has no steady state and is modelled as a fluid
/// (Newell, "Applications of Queueing Theory", 2). Little's law relates numbers and times.
/// </summary>
/// <param name="tier">Workers and CPU of a container.</param>
internal sealed class PoolModel(TierOptions tier)
{
    /// <summary>HAProxy rejects a request that waits longer: <c>timeout queue</c> in haproxy.cfg.</summary>
    private const double LongestWait = 10;

    /// <summary>Requests that HAProxy sends to a container beyond its workers: <c>maxconn</c> in haproxy.cfg.</summary>
    private const int AheadOfWorkers = 4;

    /// <summary>Above this utilization the steady state takes longer to reach than a second, so the fluid model is used.</summary>
    private const double NearlyFull = 0.95;

    /// <summary>Memory of an idle container, and what busy workers add, in percent of the limit. Assumed, not measured.</summary>
    private const double IdleMemory = 20,
        WorkersMemory = 40;

    private double _backlog;

    /// <summary>Simulates one second.</summary>
    /// <param name="ready">Ready containers; 0 and up.</param>
    public PoolSecond Pass(TrafficSecond traffic, int ready)
    {
        const double Cpu = Measured.PhpSecondsPerPage;
        var service = Cpu + (traffic.DatabaseMs / 1000);
        // A worker that waits for the database leaves its CPU to others. This is the number of workers that can run at once.
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
/// <param name="Queue">Requests waiting in the balancer.</param>
/// <param name="Served">Pages served.</param>
/// <param name="Lost">Pages rejected after waiting too long.</param>
internal readonly record struct PoolSecond(
    double Cpu,
    double Memory,
    double Latency,
    double Queue,
    double Busy,
    double Served,
    double Lost
);
