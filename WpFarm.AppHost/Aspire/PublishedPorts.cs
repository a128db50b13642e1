using WpFarm.Topology;

namespace WpFarm.AppHost.Aspire;

/// <summary>
/// Published ports as endpoints. Aspire listens on the loopback address only, also for ports that are public on Compose.
/// </summary>
internal static class PublishedPorts
{
    /// <param name="target">
    /// The port of the container. Null if the program itself listens on <paramref name="host"/>: Aspire's proxy may lose a program that is
    /// restarted.
    /// </param>
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

    /// <summary>
    /// <c>orchestrator-api</c> for <c>Orchestrator API</c>. A port with TLS gets a suffix, because a plain one may have the same purpose.
    /// </summary>
    public static string EndpointName(PublishedPort port) =>
        port.Purpose.ToLowerInvariant().Replace(' ', '-') + (port.Scheme == "https" ? "-https" : "");
}
