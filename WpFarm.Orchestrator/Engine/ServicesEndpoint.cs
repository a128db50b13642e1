using WpFarm.Topology;

namespace WpFarm.Orchestrator.Engine;

internal static class ServicesEndpoint
{
    public static void MapServices(this IEndpointRouteBuilder api) =>
        api.MapGet("/services", async (Farm farm, ContainerEngine engine, CancellationToken cancel) =>
            View(farm, await engine.ContainersAsync(cancel))
        );

    private static IEnumerable<ServiceView> View(Farm farm, EngineSnapshot engine) =>
        [
            .. farm.Services.Select(service => ServiceView.Of(service, ContainerSummary.Of(service, engine))),
            .. farm.Omitted.Select(omission => ServiceView.Of(omission.Service, new ContainerSummary("omitted", Reason: omission.Reason))),
        ];
}

/// <param name="State"><c>running</c>, <c>degraded</c> (fewer replicas than wanted), <c>stopped</c>, <c>completed</c>, <c>failed</c>, <c>omitted</c> or <c>unknown</c>.</param>
/// <param name="Health">The worst of its containers': <c>healthy</c>, <c>starting</c> or <c>unhealthy</c>; null without a health check.</param>
/// <param name="Wanted">Containers at least; null when it is one on every node.</param>
/// <param name="Restarts">How often the engine started its containers again by itself.</param>
/// <param name="Reason">Why it does not run, or why nothing is known.</param>
internal sealed record ServiceView(
    string Name,
    Layer Layer,
    string Description,
    string Image,
    string State,
    string? Health,
    int? Wanted,
    int Running,
    int Restarts,
    string? Reason
)
{
    public static ServiceView Of(Service service, ContainerSummary state) =>
        new(
            service.Name,
            service.Layer,
            service.Description,
            service.Image.ToString(),
            state.Word,
            state.Health,
            service.Placement.Global ? null : service.Replicas.Min,
            state.Running,
            state.Restarts,
            state.Reason
        );
}
