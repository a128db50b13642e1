namespace WpFarm.Contracts.Api;

/// <summary>A service of the farm, and what the engine knows of its containers.</summary>
/// <param name="Health">The worst health among its containers; null without a health check.</param>
/// <param name="Wanted">Least number of containers; null for a service with one on every node.</param>
/// <param name="Restarts">How often the engine restarted its containers.</param>
/// <param name="Reason">Why it does not run, or why its state is unknown.</param>
public sealed record ServiceStatus(
    string Name,
    Layer Layer,
    string Description,
    string Image,
    ServiceState State,
    ServiceHealth? Health,
    int? Wanted,
    int Running,
    int Restarts,
    string? Reason
);

/// <summary>The nine layers of the seed's diagram, outermost first.</summary>
public enum Layer
{
    Edge,
    ReverseProxy,
    Security,
    Caching,
    Application,
    Database,
    Storage,
    Observability,
    Management,
}

public enum ServiceState
{
    Running,

    /// <summary>Fewer replicas run than are wanted.</summary>
    Degraded,

    Stopped,

    /// <summary>A job that succeeded.</summary>
    Completed,

    /// <summary>A job that failed.</summary>
    Failed,

    /// <summary>Left out of the model; the reason says why.</summary>
    Omitted,

    /// <summary>The engine does not answer.</summary>
    Unknown,
}

public enum ServiceHealth
{
    Healthy,
    Starting,
    Unhealthy,
}
