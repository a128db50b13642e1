namespace WpFarm.Contracts.Api.Routes;

/// <summary>The farm, its services and its sites.</summary>
public static class FarmRoutes
{
    public static ApiRoute<NoParameters, FarmStatus> Status { get; } =
        new(HttpMethod.Get, "/api/farm", "The farm's sites and tiers, and its database.");

    public static ApiRoute<NoParameters, IReadOnlyList<ServiceStatus>> Services { get; } =
        new(HttpMethod.Get, "/api/services", "Each service of the model, and the state of its containers.");

    public static ApiRoute<PurgeRequest, Done> PurgeCaches { get; } =
        new(
            HttpMethod.Post,
            "/api/sites/{site}/forget",
            "Purges a site's caches of pages, objects and query results. A failure names the cache that was not purged."
        );
}

/// <param name="Site">Its key in farm.json.</param>
/// <param name="Page">The path of a page: purges only this page, from the page cache.</param>
public sealed record PurgeRequest(string Site, string? Page = null);
