using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Topology;

namespace WpFarm.Deployment.Compose;

/// <summary>
/// Spare containers of services that follow the load. As many containers run as before; the others, up to the maximum, are created and wait
/// for the Orchestrator to start them.
/// </summary>
internal sealed class SparePools(DockerClient engine, Farm farm, IReadOnlyList<ContainerListResponse> containers)
{
    /// <summary>Compose's arguments that create the maximum of containers. Empty when no service follows the load.</summary>
    public static IReadOnlyList<string> Create(Farm farm) =>
        Following(farm).ToList() is { Count: > 0 } services
            ? ["create", "--no-recreate", .. AtMost(farm), .. services.Select(service => service.Name)]
            : [];

    /// <summary>Compose's arguments that scale each service that follows the load to its maximum.</summary>
    public static IReadOnlyList<string> AtMost(Farm farm) =>
        [.. Following(farm).SelectMany(service => new[] { "--scale", $"{service.Name}={service.Replicas.Max}" })];

    /// <summary>
    /// How many containers of each service must run: as many as ran before, within the limits; the minimum for a new farm.
    /// </summary>
    public IReadOnlyDictionary<string, int> Running =>
        Following(farm)
            .ToDictionary(
                service => service.Name,
                service => Math.Clamp(Of(service).Count(ContainerStates.IsUp), service.Replicas.Min, service.Replicas.Max)
            );

    /// <summary>
    /// Removes the spare containers. When compose scales, it keeps the oldest containers, which may be spare ones, and would remove one
    /// that serves requests. And spare containers must be created again when the service has changed.
    /// </summary>
    public async Task RemoveAsync(CancellationToken cancel)
    {
        // Includes services that followed the load until now.
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
