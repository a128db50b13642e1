using WpFarm.Orchestrator.Engine;

namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>Pools as services of a swarm. The swarm starts containers, replaces unhealthy ones, and drains those that leave.</summary>
internal sealed class SwarmPools(SwarmEngine engine) : IPoolHost
{
    public Task DrainUnhealthyAsync(string pool, CancellationToken cancel) => Task.CompletedTask;

    public async Task<PoolCount> CountAsync(string pool, CancellationToken cancel)
    {
        var service = await engine.ServiceAsync(pool, cancel);
        return new PoolCount(service.Replicas, Math.Min(service.Running, service.Replicas), await CapacityAsync(service, cancel))
        {
            IsUpdating = service.IsUpdating,
        };
    }

    public async Task SetAsync(string pool, int replicas, CancellationToken cancel) =>
        await engine.SetReplicasAsync(await engine.ServiceAsync(pool, cancel), replicas, cancel);

    /// <summary>Largest number of containers. Null when the service has no maximum per node: the swarm then accepts any number.</summary>
    private async Task<int?> CapacityAsync(EngineService service, CancellationToken cancel) =>
        service.MaxPerNode == 0
            ? null
            : service.MaxPerNode
                * (await engine.NodesAsync(cancel)).Count(node => node.IsUsable && service.NodeLabels.All(node.Labels.Contains));
}
