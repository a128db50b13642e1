using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Compose;

/// <summary>
/// Stops the containers of a whole farm: first the edge, which ends what visitors have begun, and who works on others (the Orchestrator gives its
/// lease in the object storage back), then all others. Compose would stop one service after the other, and each pool would wait for a
/// balancer that is gone.
/// </summary>
internal sealed class FarmStop(DockerClient engine, IFarmProgress progress)
{
    /// <summary>At a time. Engine 20.10 loses count of a network's endpoints when thirty go at once, and then keeps the network.</summary>
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
            // It has its grace from the manifest.
            await engine.Containers.StopContainerAsync(container.ID, new ContainerStopParameters(), cancel);
            progress.Report(ContainerStates.ServiceOf(container), "stopped");
        }
        catch (DockerApiException e) when (e.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            progress.Report(ContainerStates.ServiceOf(container), "had ended");
        }
    }
}
