using WpFarm.Topology;

namespace WpFarm.Deployment.Swarm;

/// <summary>The stacks that a farm is deployed as, in that order: each rests on those before it, and has a life cycle of its own.</summary>
public enum Stack
{
    /// <summary>MariaDB, Redis, Memcached, Varnish, object storage: changed rarely, one at a time.</summary>
    Data,

    /// <summary>The Orchestrator, which makes a writer of one of the primaries.</summary>
    Management,

    /// <summary>The WordPress pools.</summary>
    App,

    /// <summary>What visitors reach first.</summary>
    Edge,

    /// <summary>The farm works without it.</summary>
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

    /// <summary>Those that have services, in the order of deployment.</summary>
    public static IReadOnlyList<Stack> Of(Farm farm) => [.. farm.Services.Select(service => Of(service.Layer)).Distinct().Order()];

    /// <summary>Its name in the swarm: <c>wpfarm-prod-data</c>.</summary>
    public static string NameOf(string project, Stack stack) => $"{project}-{FileName(stack)}";

    /// <summary>A service's name in the swarm: <c>wpfarm-prod-app_pool-silver</c>.</summary>
    public static string NameOf(string project, Service service) => NameOf(project, service.Layer, service.Name);

    /// <summary>The same, of one of which only that is known.</summary>
    public static string NameOf(string project, Layer layer, string service) => $"{NameOf(project, Of(layer))}_{service}";

    /// <summary>Without extension.</summary>
    public static string FileName(Stack stack) => stack.ToString().ToLowerInvariant();
}
