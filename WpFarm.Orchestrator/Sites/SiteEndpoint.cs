using WpFarm.Topology;

namespace WpFarm.Orchestrator.Sites;

internal static class SiteEndpoint
{
    public static void MapSites(this IEndpointRouteBuilder api) =>
        api.MapPost("/sites/{site}/forget", async (string site, string? page, Farm farm, SiteCaches caches, CancellationToken cancel) =>
        {
            if (farm.Sites.FirstOrDefault(found => found.Id == site) is not { } found)
                return Results.Problem($"There is no site '{site}'.", statusCode: StatusCodes.Status400BadRequest);
            try
            {
                await caches.ForgetAsync(found, cancel, page);
                return Results.NoContent();
            }
            catch (HttpRequestException e)
            {
                return Results.Problem(e.Message, statusCode: StatusCodes.Status409Conflict);
            }
        });
}
