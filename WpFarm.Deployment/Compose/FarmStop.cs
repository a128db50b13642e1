using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Compose;

/// <summary>
/// Stops the containers of a whole farm. First the edge, which finishes visitors' requests, and services that use others (the Orchestrator
/// returns its lease in the object storage); then all others. Compose would stop one service after the other, and each pool would wait for
/// a balancer that no longer runs.
/// </summary>
internal sealed class FarmStop(DockerClient engine, IFarmProgress progress)
{
    /// <summary>
    /// Containers stopped at a time. Engine 20.10 miscounts a network's endpoints when thirty containers stop at once, and then keeps the
    /// network.
    /// </summary>
    private const int AtOnce = 8;

    private static readonly HashSet<string> s_first =
    [
        nameof(Layer.ReverseProxy),
        nameof(Layer.Security),
        nameof(Layer.Observability),
        nameof(Layer.Management),
    ];

    public async Task RunAsync(IReadOnlyList<ContainerListResponse> containers, CancellationToken cancel)
    {
        var up = containers
            .Where(ContainerStates.IsUp)
            .ToLookup(container => container.Labels.TryGetValue(ComposeLabels.Layer, out var layer) && s_first.Contains(layer));
        await StopAsync(up[true], cancel);
        await StopAsync(up[false], cancel);
    }

    private Task StopAsync(IEnumerable<ContainerListResponse> containers, CancellationToken cancel) =>
        Parallel.ForEachAsync(
            containers,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
            async (container, token) => await StopAsync(container, token)
        );

    private async Task StopAsync(ContainerListResponse container, CancellationToken cancel)
    {
        try
        {
            if (container.Labels.TryGetValue(ComposeLabels.QuickStop, out var signal))
                await engine.Containers.KillContainerAsync(container.ID, new ContainerKillParameters { Signal = signal }, cancel);
            // The engine waits for the grace period from the manifest.
            await engine.Containers.StopContainerAsync(container.ID, new ContainerStopParameters(), cancel);
            progress.Report(ContainerStates.ServiceOf(container), "stopped");
        }
        catch (DockerApiException e) when (e.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            progress.Report(ContainerStates.ServiceOf(container), "had already ended");
        }
    }
}
