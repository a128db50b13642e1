using System.Reflection;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Engine;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.FarmModel;

internal static class FarmEndpoint
{
    private static readonly string s_version = typeof(FarmEndpoint)
        .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        ?.InformationalVersion
        ?? "unknown";

    public static void MapFarm(this IEndpointRouteBuilder api) =>
        api.MapGet("/farm", async (Farm farm, ContainerEngine engine, DatabaseState database, CancellationToken cancel) =>
            new FarmView(
                await engine.ProjectAsync(cancel),
                s_version,
                farm.Options.Domain,
                farm.Sites.Select(site => new SiteView(site.Id, site.Title, site.Tier, site.Url, site.Hosts)),
                Tiers(farm),
                DatabaseView.Of(database)
            )
        );

    private static IEnumerable<TierView> Tiers(Farm farm) =>
        farm.Tiers.Select(tier => new TierView(
            tier.Key,
            tier.Value.Replicas.Min,
            tier.Value.Replicas.Max,
            [.. farm.Sites.Where(site => site.Tier == tier.Key).Select(site => site.Id)]
        ));
}

/// <param name="Name">The compose project or swarm stack; null where there is no engine to ask.</param>
internal sealed record FarmView(
    string? Name,
    string Version,
    string Domain,
    IEnumerable<SiteView> Sites,
    IEnumerable<TierView> Tiers,
    DatabaseView Database
);

internal sealed record SiteView(string Id, string Title, string Tier, string Url, IReadOnlyList<string> Hosts);

/// <param name="Min">Containers at least.</param>
/// <param name="Max">Containers at most.</param>
internal sealed record TierView(string Name, int Min, int Max, IReadOnlyList<string> Sites);
