namespace WpFarm.Orchestrator.Engine;

/// <summary>The farm's containers, or why they are not known.</summary>
internal sealed record EngineSnapshot(IReadOnlyList<Container> Containers, string? UnknownBecause = null)
{
    public static EngineSnapshot Unknown(string reason) => new([], reason);
}

/// <param name="Name">As the engine knows it: <c>wpfarm-dev-pool-silver-1</c>.</param>
/// <param name="Service">The service it is a replica of.</param>
/// <param name="Number">Which of its replicas, 1 and up; 0 when that is not known.</param>
/// <param name="State">Docker's word: <c>running</c>, <c>exited</c>, ….</param>
/// <param name="Health">Docker's word; null when it has no health check.</param>
/// <param name="Restarts">How often the engine started it again by itself.</param>
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
