using WpFarm.Orchestrator.Engine;

namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>
/// Pools on one engine, where compose has made as many containers as there may be at most. Those with the lowest numbers run. To start one
/// and to end one is all that is done here: nothing is made, so nobody here need be allowed to.
/// </summary>
internal sealed class ComposePools(ContainerEngine engine, TimeProvider time) : IPoolHost
{
    /// <summary>Ten seconds were measured until one is healthy, on a machine that had nothing else to do.</summary>
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(3);

    /// <summary>The longest request, the drain before it, and what a busy machine takes. After that it is one that would not go.</summary>
    private static readonly TimeSpan s_drainLimit = TimeSpan.FromMinutes(3);

    private readonly Dictionary<string, DateTimeOffset> _starting = [];
    private readonly Dictionary<string, DateTimeOffset> _draining = [];
    private readonly HashSet<string> _failed = [];

    public async Task TendAsync(string pool, CancellationToken cancel)
    {
        // Mostly there is none, and no need to ask the engine a second time.
        if (!_starting.Keys.Any(NeverGotHealthy))
            return;
        foreach (var container in Wanted(await ContainersAsync(pool, cancel)).Where(container => NeverGotHealthy(container.Name)).ToList())
        {
            await DrainAsync(container, cancel);
            _failed.Add(container.Name);
        }
    }

    public async Task<PoolCount> LookAsync(string pool, CancellationToken cancel)
    {
        var containers = await ContainersAsync(pool, cancel);
        var wanted = Wanted(containers).ToList();
        return new PoolCount(wanted.Count, wanted.Count(container => container.Health == "healthy"), containers.Count);
    }

    public async Task SetAsync(string pool, int replicas, CancellationToken cancel)
    {
        var containers = await ContainersAsync(pool, cancel);
        var wanted = Wanted(containers).ToList();
        if (wanted.Count > replicas)
            // Those that take no requests anyway leave first.
            foreach (
                var container in wanted
                    .OrderBy(container => container.Health == "healthy")
                    .ThenByDescending(container => container.Number)
                    .Take(wanted.Count - replicas)
            )
                await DrainAsync(container, cancel);
        else
            await StartAsync([.. containers.Where(container => !Lives(container))], replicas - wanted.Count, cancel);
    }

    private async Task StartAsync(IReadOnlyList<Container> spares, int count, CancellationToken cancel)
    {
        var (started, refusals) = (0, new List<string>());
        foreach (var container in spares.OrderBy(container => _failed.Contains(container.Name)).ThenBy(container => container.Number))
        {
            if (started == count)
                return;
            try
            {
                await engine.StartAsync(container.Name, cancel);
                _starting[container.Name] = time.GetUtcNow();
                started++;
            }
            catch (HttpRequestException e)
            {
                _failed.Add(container.Name);
                refusals.Add(e.Message);
            }
        }

        if (started < count)
            throw new HttpRequestException(refusals.Count > 0 ? refusals[0] : $"{count - started} of {count} must wait for others to end");
    }

    private async Task DrainAsync(Container container, CancellationToken cancel)
    {
        await engine.DrainAsync(container.Name, cancel);
        _starting.Remove(container.Name);
        _draining[container.Name] = time.GetUtcNow();
    }

    private IEnumerable<Container> Wanted(IEnumerable<Container> containers) =>
        containers.Where(container => Lives(container) && !_draining.ContainsKey(container.Name));

    /// <summary>Also one that ends again and again, and is started again each time.</summary>
    private static bool Lives(Container container) => container.State is "running" or "restarting";

    private bool NeverGotHealthy(string container) =>
        _starting.TryGetValue(container, out var since) && time.GetUtcNow() - since > s_startLimit;

    private async Task<IReadOnlyList<Container>> ContainersAsync(string pool, CancellationToken cancel)
    {
        var seen = await engine.ContainersAsync(pool, cancel);
        if (seen.UnknownBecause is { } reason)
            throw new HttpRequestException(reason);
        foreach (var container in seen.Containers)
            Note(container);
        return seen.Containers;
    }

    private void Note(Container container)
    {
        var now = time.GetUtcNow();
        if (!Lives(container) || (_draining.TryGetValue(container.Name, out var since) && now - since > s_drainLimit))
            _draining.Remove(container.Name);
        if (!Lives(container) || container.Health == "healthy")
            _starting.Remove(container.Name);
        else if (container.Health == "starting")
            _starting.TryAdd(container.Name, now);
        if (container is { IsRunning: true, Health: "healthy" } && !_draining.ContainsKey(container.Name))
            _failed.Remove(container.Name);
    }
}
