using WpFarm.Topology;

namespace WpFarm.Deployment.Swarm;

/// <summary>
/// The stacks of a farm on a swarm, in the order of deployment: each depends on those before it and has a life cycle of its own.
/// </summary>
public enum Stack
{
    /// <summary>MariaDB, Redis, Memcached, Varnish and object storage. Changed rarely, one container at a time.</summary>
    Data,

    /// <summary>The Orchestrator, which promotes one of the primaries to the writer.</summary>
    Management,

    /// <summary>The WordPress pools.</summary>
    App,

    /// <summary>The services that visitors' requests reach first.</summary>
    Edge,

    /// <summary>Metrics, logs and traces. The farm works without this stack.</summary>
    Observability,
}

public static class Stacks
{
    public static Stack Of(Layer layer) =>
        layer switch
        {
            Layer.Database or Layer.Storage or Layer.Caching => Stack.Data,
            Layer.Management => Stack.Management,
            Layer.Application => Stack.App,
            Layer.Edge or Layer.ReverseProxy or Layer.Security => Stack.Edge,
            Layer.Observability => Stack.Observability,
            _ => throw new ArgumentOutOfRangeException(nameof(layer)),
        };

    /// <summary>The stacks that have services, in the order of deployment.</summary>
    public static IReadOnlyList<Stack> Of(Farm farm) => [.. farm.Services.Select(service => Of(service.Layer)).Distinct().Order()];

    /// <summary>A stack's name in the swarm: <c>wpfarm-prod-data</c>.</summary>
    public static string NameOf(string project, Stack stack) => $"{project}-{FileName(stack)}";

    /// <summary>A service's name in the swarm: <c>wpfarm-prod-app_pool-silver</c>.</summary>
    public static string NameOf(string project, Service service) => NameOf(project, service.Layer, service.Name);

    /// <summary>A service's name in the swarm, from its layer and name alone.</summary>
    public static string NameOf(string project, Layer layer, string service) => $"{NameOf(project, Of(layer))}_{service}";

    /// <summary>Name of the stack's file, without extension.</summary>
    public static string FileName(Stack stack) => stack.ToString().ToLowerInvariant();
}
