using System.Collections.Concurrent;
using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Topology;

namespace WpFarm.Deployment.Compose;

/// <summary>
/// Runs the health check of containers that have just started. Engines before version 25 run the first check a whole interval after the
/// start, so that a farm would wait fifteen seconds for a container that is healthy after one.
/// </summary>
internal sealed class HealthProbe(DockerClient engine)
{
    /// <summary>Checks run at a time. Each starts one or two programs on the processors on which the farm starts.</summary>
    private const int AtOnce = 4;

    private readonly ConcurrentDictionary<string, bool> _healthy = new();

    /// <returns>Ids of the containers whose check has passed, now or before.</returns>
    public async Task<IReadOnlySet<string>> HealthyAsync(
        Farm farm,
        IReadOnlyList<ContainerListResponse> containers,
        CancellationToken cancel
    )
    {
        var starting = containers.Where(container => ContainerStates.IsStarting(container) && !_healthy.ContainsKey(container.ID));
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel };
        await Parallel.ForEachAsync(starting, options, async (container, token) =>
        {
            if (
                farm.Find(ContainerStates.ServiceOf(container))?.Health is { } health
                && await ContainerProgram.RunAsync(engine, container.ID, health.Command, token) is { ExitCode: 0 }
            )
                _healthy.TryAdd(container.ID, true);
        });
        return _healthy.Keys.ToHashSet();
    }
}
