using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Topology;

namespace WpFarm.Deployment.Compose;

/// <summary>
/// Stops the containers of a whole farm: the edge, which ends what visitors have begun, then all others at once. Compose would stop one
/// service after the other, and each pool would wait for a balancer that is gone.
/// </summary>
internal sealed class FarmStop(DockerClient engine, IFarmProgress progress)
{
    public async Task Run(IReadOnlyList<ContainerListResponse> containers, CancellationToken cancel)
    {
        var layers = containers.Where(ContainerStates.IsUp).ToLookup(container => container.Labels.TryGetValue(ComposeLabels.Layer, out var layer) && layer == nameof(Layer.ReverseProxy));
        await Stop(layers[true], cancel).ConfigureAwait(false);
        await Stop(layers[false], cancel).ConfigureAwait(false);
    }

    private async Task Stop(IEnumerable<ContainerListResponse> containers, CancellationToken cancel) =>
        await Task.WhenAll(containers.Select(container => Stop(container, cancel))).ConfigureAwait(false);

    private async Task Stop(ContainerListResponse container, CancellationToken cancel)
    {
        try
        {
            if (container.Labels.TryGetValue(ComposeLabels.QuickStop, out var signal))
                await engine.Containers.KillContainerAsync(container.ID, new ContainerKillParameters { Signal = signal }, cancel).ConfigureAwait(false);
            // It has its grace from the manifest.
            await engine.Containers.StopContainerAsync(container.ID, new ContainerStopParameters(), cancel).ConfigureAwait(false);
            progress.Report(ContainerStates.ServiceOf(container), "stopped");
        }
        catch (DockerApiException e) when (e.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            progress.Report(ContainerStates.ServiceOf(container), "had ended");
        }
    }
}
