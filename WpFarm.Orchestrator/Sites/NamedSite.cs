using WpFarm.Orchestrator.Api;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Sites;

internal static class NamedSite
{
    /// <exception cref="InvalidRequestException">The farm has no site with this id. The message names those that it has.</exception>
    public static Site SiteOf(this Farm farm, string id) =>
        farm.Sites.FirstOrDefault(site => site.Id == id)
        ?? throw new InvalidRequestException(
            $"{id}: there is no such site. There are {string.Join(", ", farm.Sites.Select(site => site.Id))}"
        );
}
