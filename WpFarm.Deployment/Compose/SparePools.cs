using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Topology;

namespace WpFarm.Deployment.Compose;

/// <summary>
/// Services that follow the load: as many of their containers run as did before, and the others, up to the most there may be, are made and
/// wait for the Orchestrator to start them.
/// </summary>
internal sealed class SparePools(DockerClient engine, Farm farm, IReadOnlyList<ContainerListResponse> containers)
{
    /// <summary>Compose's arguments that make as many as there may be; empty where nothing follows the load.</summary>
    public static IReadOnlyList<string> Create(Farm farm) =>
        Following(farm).ToList() is { Count: > 0 } services
            ? ["create", "--no-recreate", .. AtMost(farm), .. services.Select(service => service.Name)]
            : [];

    /// <summary>Compose's arguments for as many containers as there may be.</summary>
    public static IReadOnlyList<string> AtMost(Farm farm) =>
        [.. Following(farm).SelectMany(service => new[] { "--scale", $"{service.Name}={service.Replicas.Max}" })];

    /// <summary>How many are to run of each: as many as ran, within the limits; of a new farm the fewest.</summary>
    public IReadOnlyDictionary<string, int> Running =>
        Following(farm)
            .ToDictionary(
                service => service.Name,
                service => Math.Clamp(Of(service).Count(ContainerStates.IsUp), service.Replicas.Min, service.Replicas.Max)
            );

    /// <summary>
    /// Removes those that wait. Told to scale, compose keeps the oldest, which may be one that waits, and removes one that answers requests;
    /// and those that wait must be made anew when the service has changed.
    /// </summary>
    public async Task RemoveAsync(CancellationToken cancel)
    {
        // Also of one that followed the load until now.
        foreach (
            var container in farm
                .Services.Where(service => service.Replicas.Max > service.Replicas.Min)
                .SelectMany(Of)
                .Where(container => !ContainerStates.IsUp(container))
        )
            await engine.Containers.RemoveContainerAsync(container.ID, new ContainerRemoveParameters(), cancel);
    }

    private IEnumerable<ContainerListResponse> Of(Service service) =>
        containers.Where(container => ContainerStates.ServiceOf(container) == service.Name);

    private static IEnumerable<Service> Following(Farm farm) => farm.Services.Where(service => service.FollowsLoad);
}
