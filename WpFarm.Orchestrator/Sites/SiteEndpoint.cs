using WpFarm.Contracts.Api.Routes;
using WpFarm.Orchestrator.Api;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Sites;

internal static class SiteEndpoint
{
    public static void MapSites(this IEndpointRouteBuilder api) =>
        api.Map(FarmRoutes.PurgeCaches, ([AsParameters] PurgeRequest request, Farm farm, SiteCaches caches, CancellationToken cancel) =>
            caches.PurgeAsync(farm.SiteOf(request.Site), cancel, request.Page)
        );
}
