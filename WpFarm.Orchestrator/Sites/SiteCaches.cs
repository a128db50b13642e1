using Microsoft.Extensions.Options;
using WpFarm.Contracts.Agents.Pools;
using WpFarm.Contracts.Settings;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Sites;

/// <summary>
/// What is kept of sites: objects, results of queries, pages. A pool empties it, as the Orchestrator reaches no cache
/// (images/wordpress/farm/forget.php).
/// </summary>
internal sealed class SiteCaches(IHttpClientFactory clients, IOptions<CronSettings> options)
{
    /// <summary>Nothing of the site is served that was kept before. Can be repeated.</summary>
    /// <param name="page">Path of a page: that alone is forgotten, where pages are kept. Null: everything.</param>
    /// <exception cref="HttpRequestException">Not all is forgotten; says what is not.</exception>
    public async Task ForgetAsync(Site site, CancellationToken cancel, string? page = null)
    {
        var (method, path) = ForgetCachesOrder.Route;
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), new Uri(options.Value.Balancer, path))
        {
            Headers = { Host = site.Host },
        };
        foreach (var (name, value) in new ForgetCachesOrder(page).Headers)
            if (value is not null)
                request.Headers.Add(name, value);
        using var client = clients.CreateClient(SiteCron.HttpClientName);
        using var response = await client.SendAsync(request, cancel);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException(
                $"{site.Id}: {(await response.Content.ReadAsStringAsync(cancel)).Trim()}, status {(int)response.StatusCode}"
            );
    }
}
