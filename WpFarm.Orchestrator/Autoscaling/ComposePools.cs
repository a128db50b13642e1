using WpFarm.Orchestrator.Engine;

namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>
/// Pools on one Docker engine. Compose has created the maximum number of containers; those with the lowest numbers run. This class only
/// starts and drains existing containers, so it does not need the right to create any.
/// </summary>
internal sealed class ComposePools(ContainerEngine engine, TimeProvider time) : IPoolHost
{
    /// <summary>Time limit for a container to become healthy. It took ten seconds on an otherwise idle machine.</summary>
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Time limit for a drain: the longest request, the drain before it, and a margin for a busy machine. After that, the container counts
    /// as one that did not end.
    /// </summary>
    private static readonly TimeSpan s_drainLimit = TimeSpan.FromMinutes(3);

    private readonly Dictionary<string, DateTimeOffset> _starting = [];
    private readonly Dictionary<string, DateTimeOffset> _draining = [];
    private readonly HashSet<string> _failed = [];

    public async Task DrainUnhealthyAsync(string pool, CancellationToken cancel)
    {
        // Usually there is none, and the second request to the engine is saved.
        if (!_starting.Keys.Any(IsUnhealthy))
            return;
        foreach (var container in Wanted(await ContainersAsync(pool, cancel)).Where(container => IsUnhealthy(container.Name)).ToList())
        {
            await DrainAsync(container, cancel);
            _failed.Add(container.Name);
        }
    }

    public async Task<PoolCount> CountAsync(string pool, CancellationToken cancel)
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
            // Containers that take no requests are drained first.
            foreach (
                var container in wanted
                    .OrderBy(container => container.Health == "healthy")
                    .ThenByDescending(container => container.Number)
                    .Take(wanted.Count - replicas)
            )
                await DrainAsync(container, cancel);
        else
            await StartAsync([.. containers.Where(container => !IsActive(container))], replicas - wanted.Count, cancel);
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
        containers.Where(container => IsActive(container) && !_draining.ContainsKey(container.Name));

    /// <summary>True also for a container that ends repeatedly and is restarted each time.</summary>
    private static bool IsActive(Container container) => container.State is "running" or "restarting";

    private bool IsUnhealthy(string container) =>
        _starting.TryGetValue(container, out var since) && time.GetUtcNow() - since > s_startLimit;

    private async Task<IReadOnlyList<Container>> ContainersAsync(string pool, CancellationToken cancel)
    {
        var seen = await engine.ContainersAsync(pool, cancel);
        if (seen.UnknownBecause is { } reason)
            throw new HttpRequestException(reason);
        foreach (var container in seen.Containers)
            TrackHealth(container);
        return seen.Containers;
    }

    private void TrackHealth(Container container)
    {
        var now = time.GetUtcNow();
        if (!IsActive(container) || (_draining.TryGetValue(container.Name, out var since) && now - since > s_drainLimit))
            _draining.Remove(container.Name);
        if (!IsActive(container) || container.Health == "healthy")
            _starting.Remove(container.Name);
        else if (container.Health == "starting")
            _starting.TryAdd(container.Name, now);
        if (container is { IsRunning: true, Health: "healthy" } && !_draining.ContainsKey(container.Name))
            _failed.Remove(container.Name);
    }
}
