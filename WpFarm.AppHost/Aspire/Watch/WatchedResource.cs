namespace WpFarm.AppHost.Aspire.Watch;

/// <summary>A resource that runs a part of the farm, so that its end must be noticed.</summary>
/// <param name="WaitsFor">Resources that it waits for before it starts.</param>
internal sealed record WatchedResource(string Name, ResourceRole Role, IReadOnlyList<string> WaitsFor);

/// <summary>How long a resource is meant to run.</summary>
internal enum ResourceRole
{
    /// <summary>Runs until the farm is stopped.</summary>
    Service,

    /// <summary>The Orchestrator starts and stops it as the load requires.</summary>
    FollowsLoad,

    /// <summary>Ends by itself, with exit code 0.</summary>
    Job,
}

/// <summary>Marks a resource that <see cref="FarmWatch"/> watches.</summary>
internal sealed record RoleAnnotation(ResourceRole Role) : IResourceAnnotation;

internal static class WatchedResourceExtensions
{
    public static IResourceBuilder<T> WithRole<T>(this IResourceBuilder<T> resource, ResourceRole role)
        where T : IResource => resource.WithAnnotation(new RoleAnnotation(role));

    public static IEnumerable<WatchedResource> Watched(this IEnumerable<IResource> resources) =>
        from resource in resources
        from role in resource.Annotations.OfType<RoleAnnotation>()
        let waits = resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name).Distinct()
        select new WatchedResource(resource.Name, role.Role, [.. waits]);
}
