using System.Collections.Concurrent;
using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Topology;

namespace WpFarm.Deployment.Compose;

/// <summary>
/// Asks a container that has just started for its health, by its own check. Engines before 25 look for the first time a whole interval
/// after the start, so a container that answers after a second would be waited for for fifteen.
/// </summary>
internal sealed class HealthProbe(DockerClient engine)
{
    /// <summary>Each check starts a program or two, on the processors that the farm starts on.</summary>
    private const int AtOnce = 4;

    private readonly ConcurrentDictionary<string, bool> _healthy = new();

    /// <returns>Ids of those that have answered well, now or before.</returns>
    public async Task<IReadOnlySet<string>> LookAsync(Farm farm, IReadOnlyList<ContainerListResponse> containers, CancellationToken cancel)
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
