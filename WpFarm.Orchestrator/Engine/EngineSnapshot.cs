namespace WpFarm.Orchestrator.Engine;

/// <summary>The farm's containers, or the reason why they are unknown.</summary>
internal sealed record EngineSnapshot(IReadOnlyList<Container> Containers, string? UnknownBecause = null)
{
    public static EngineSnapshot Unknown(string reason) => new([], reason);
}

/// <param name="Name">The engine's name for it: <c>wpfarm-dev-pool-silver-1</c>.</param>
/// <param name="Service">The service that it belongs to.</param>
/// <param name="Number">Its number within the service, from 1. 0 when it is unknown.</param>
/// <param name="State">Docker's state: <c>running</c>, <c>exited</c>, ….</param>
/// <param name="Health">Docker's health status. Null when the container has no health check.</param>
/// <param name="Restarts">How often the engine restarted it automatically.</param>
internal sealed record Container(
    string Name,
    string Service,
    int Number,
    string Image,
    string State,
    int ExitCode,
    string? Health,
    int Restarts
)
{
    public bool IsRunning => State == "running";
}
