namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>Controls how many containers of a tier's pool run. Callers use it one at a time.</summary>
internal interface IPoolHost
{
    /// <summary>Drains containers that never became healthy.</summary>
    /// <exception cref="HttpRequestException">The engine refused, or does not answer. The message says why.</exception>
    Task DrainUnhealthyAsync(string pool, CancellationToken cancel);

    /// <param name="pool">Name of the pool's service.</param>
    /// <exception cref="HttpRequestException">The number is unknown. The message says why.</exception>
    Task<PoolCount> CountAsync(string pool, CancellationToken cancel);

    /// <summary>Starts or drains containers. A draining container finishes its requests and ends.</summary>
    /// <exception cref="HttpRequestException">Not all containers could be started or drained. The message says why.</exception>
    Task SetAsync(string pool, int replicas, CancellationToken cancel);
}

/// <param name="Replicas">Number of containers, without draining ones.</param>
/// <param name="Ready">Number of healthy containers among them.</param>
/// <param name="Capacity">Largest possible number. Null when there is no limit.</param>
internal sealed record PoolCount(int Replicas, int Ready, int? Capacity)
{
    /// <summary>True while another program replaces the containers by new ones.</summary>
    public bool IsUpdating { get; init; }
}
