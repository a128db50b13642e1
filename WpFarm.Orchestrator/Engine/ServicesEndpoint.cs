using WpFarm.Contracts.Api.Routes;
using WpFarm.Orchestrator.Api;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Engine;

internal static class ServicesEndpoint
{
    public static void MapServices(this IEndpointRouteBuilder api) =>
        api.Map(FarmRoutes.Services, async (Farm farm, ContainerEngine engine, CancellationToken cancel) =>
            Statuses(farm, await engine.ContainersAsync(cancel))
        );

    private static IReadOnlyList<ServiceStatus> Statuses(Farm farm, EngineSnapshot engine) =>
        [
            .. farm.Services.Select(service => Status(service, ContainerSummary.Of(service, engine))),
            .. farm.Omitted.Select(omission => Status(omission.Service, new(ServiceState.Omitted, Reason: omission.Reason))),
        ];

    private static ServiceStatus Status(Service service, ContainerSummary containers) =>
        new(
            service.Name,
            service.Layer,
            service.Description,
            service.Image.ToString(),
            containers.State,
            containers.Health,
            service.Placement.Global ? null : service.Replicas.Min,
            containers.Running,
            containers.Restarts,
            containers.Reason
        );
}
