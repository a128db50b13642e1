using WpFarm.Topology;

namespace WpFarm.Orchestrator.Engine;

/// <summary>What has become of a service of the model.</summary>
/// <param name="Reason">Why it does not run, or why nothing is known.</param>
internal sealed record ContainerSummary(string Word, string? Health = null, int Running = 0, int Restarts = 0, string? Reason = null)
{
    public static ContainerSummary Of(Service service, EngineSnapshot engine)
    {
        if (engine.UnknownBecause is { } reason)
            return new ContainerSummary("unknown", Reason: reason);

        var containers = engine.Containers.Where(container => container.Service == service.Name).ToList();
        var running = containers.Count(container => container.IsRunning);
        return new ContainerSummary(
            Words(service, containers, running),
            WorstHealth(containers),
            running,
            containers.Sum(container => container.Restarts)
        );
    }

    private static string Words(Service service, List<Container> containers, int running) =>
        service switch
        {
            { IsJob: true } when running == 0 && containers.Count > 0 => containers.TrueForAll(job => job.ExitCode == 0)
                ? "completed"
                : "failed",
            _ when running == 0 => "stopped",
            { Placement.Global: false } when running < service.Replicas.Min => "degraded",
            _ => "running",
        };

    /// <summary>A service is as healthy as the worst of its containers.</summary>
    private static string? WorstHealth(List<Container> containers) =>
        new[] { "unhealthy", "starting", "healthy" }.FirstOrDefault(word =>
            containers.Exists(container => container.IsRunning && container.Health == word)
        );
}
