using WpFarm.Topology;

namespace WpFarm.Orchestrator.Engine;

/// <summary>The state of a service of the model.</summary>
/// <param name="Reason">Why the service does not run, or why its state is unknown.</param>
internal sealed record ContainerSummary(
    ServiceState State,
    ServiceHealth? Health = null,
    int Running = 0,
    int Restarts = 0,
    string? Reason = null
)
{
    public static ContainerSummary Of(Service service, EngineSnapshot engine)
    {
        if (engine.UnknownBecause is { } reason)
            return new ContainerSummary(ServiceState.Unknown, Reason: reason);

        var containers = engine.Containers.Where(container => container.Service == service.Name).ToList();
        var running = containers.Count(container => container.IsRunning);
        return new ContainerSummary(
            StateOf(service, containers, running),
            WorstHealth(containers),
            running,
            containers.Sum(container => container.Restarts)
        );
    }

    private static ServiceState StateOf(Service service, List<Container> containers, int running) =>
        service switch
        {
            { IsJob: true } when running == 0 && containers.Count > 0 => containers.TrueForAll(job => job.ExitCode == 0)
                ? ServiceState.Completed
                : ServiceState.Failed,
            _ when running == 0 => ServiceState.Stopped,
            { Placement.Global: false } when running < service.Replicas.Min => ServiceState.Degraded,
            _ => ServiceState.Running,
        };

    /// <summary>A service is as healthy as the worst of its containers.</summary>
    private static ServiceHealth? WorstHealth(List<Container> containers) =>
        new ServiceHealth?[] { ServiceHealth.Unhealthy, ServiceHealth.Starting, ServiceHealth.Healthy }.FirstOrDefault(health =>
            containers.Exists(container => container.IsRunning && container.Health == ApiJson.Word(health!))
        );
}
