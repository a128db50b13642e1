using WpFarm.Topology;

namespace WpFarm.AppHost.Aspire;

/// <summary>Published ports as endpoints. Aspire listens for them on the loopback address only, also for those that are public on compose.</summary>
internal static class PublishedPorts
{
    /// <param name="target">Null where the program itself listens on <paramref name="host"/>: Aspire's proxy may lose a program that is restarted.</param>
    public static IResourceBuilder<T> WithPublishedPort<T>(this IResourceBuilder<T> resource, PublishedPort port, int host, int? target)
        where T : IResourceWithEndpoints =>
        resource
            .WithEndpoint(
                host,
                target,
                port.Scheme ?? "tcp",
                EndpointName(port),
                isProxied: target is not null,
                isExternal: !port.LoopbackOnly
            )
            .WithUrlForEndpoint(EndpointName(port), url => url.DisplayText = port.Purpose);

    /// <summary><c>Orchestrator API</c> is <c>orchestrator-api</c>; a port with TLS beside a plain one says so.</summary>
    public static string EndpointName(PublishedPort port) =>
        port.Purpose.ToLowerInvariant().Replace(' ', '-') + (port.Scheme == "https" ? "-https" : "");
}
