using WpFarm.Contracts.Api.Routes;
using WpFarm.Orchestrator.Api;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Engine;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.FarmModel;

internal static class FarmEndpoint
{
    public static void MapFarm(this IEndpointRouteBuilder api) =>
        api.Map(FarmRoutes.Status, (Farm farm, ContainerEngine engine, DatabaseState database) =>
            new FarmStatus(
                engine.Project,
                OrchestratorVersion.Text,
                farm.Options.Domain,
                [.. farm.Sites.Select(site => new FarmSite(site.Id, site.Title, site.Tier, site.Url, site.Hosts))],
                [.. Tiers(farm)],
                DatabaseStatus.Of(database)
            )
        );

    private static IEnumerable<FarmTier> Tiers(Farm farm) =>
        farm.Tiers.Select(tier => new FarmTier(
            tier.Key,
            tier.Value.Replicas.Min,
            tier.Value.Replicas.Max,
            [.. farm.Sites.Where(site => site.Tier == tier.Key).Select(site => site.Id)]
        ));
}
