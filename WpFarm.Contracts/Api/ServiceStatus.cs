namespace WpFarm.Contracts.Api;

/// <summary>A service of the farm, and what the engine knows of its containers.</summary>
/// <param name="Health">The worst of its containers'; null without a health check.</param>
/// <param name="Wanted">Containers at least; null when it is one on every node.</param>
/// <param name="Restarts">How often the engine started its containers again by itself.</param>
/// <param name="Reason">Why it does not run, or why nothing is known.</param>
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

    /// <summary>A job that ended well.</summary>
    Completed,

    /// <summary>A job that did not.</summary>
    Failed,

    /// <summary>The model leaves it out; the reason says why.</summary>
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
