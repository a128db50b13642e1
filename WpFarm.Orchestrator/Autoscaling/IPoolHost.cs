namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>What runs a tier's pool, as far as their number goes. Asked by one at a time.</summary>
internal interface IPoolHost
{
    /// <summary>Lets those go that never got healthy.</summary>
    /// <exception cref="HttpRequestException">The engine refused, or does not answer; says why.</exception>
    Task TendAsync(string pool, CancellationToken cancel);

    /// <param name="pool">The service.</param>
    /// <exception cref="HttpRequestException">It cannot be known; says why.</exception>
    Task<PoolCount> LookAsync(string pool, CancellationToken cancel);

    /// <summary>Starts containers, or lets them drain: they answer what they have begun, and then end.</summary>
    /// <exception cref="HttpRequestException">Not all could be started, or told to drain; says why.</exception>
    Task SetAsync(string pool, int replicas, CancellationToken cancel);
}

/// <param name="Replicas">Containers that are wanted: those that drain are not.</param>
/// <param name="Ready">Those of them that are healthy.</param>
/// <param name="Capacity">How many there could be; null: as many as are asked for.</param>
internal sealed record PoolCount(int Replicas, int Ready, int? Capacity)
{
    /// <summary>Its containers are being replaced by others, by somebody else.</summary>
    public bool IsUpdating { get; init; }
}
