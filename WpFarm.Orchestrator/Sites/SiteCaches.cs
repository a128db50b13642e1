using Microsoft.Extensions.Options;
using WpFarm.Contracts.Agents.Pools;
using WpFarm.Contracts.Settings;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Sites;

/// <summary>
/// The caches of the sites: objects, query results, pages. A pool empties them, because the Orchestrator cannot reach a cache itself
/// (images/wordpress/farm/forget.php).
/// </summary>
internal sealed class SiteCaches(IHttpClientFactory clients, IOptions<CronSettings> options)
{
    /// <summary>Empties the site's caches. The call can be repeated.</summary>
    /// <param name="page">Path of a page: the page caches drop only this page. Null: everything is dropped.</param>
    /// <exception cref="HttpRequestException">Not everything was dropped. The message says what was not.</exception>
    public async Task PurgeAsync(Site site, CancellationToken cancel, string? page = null)
    {
        var (method, path) = PurgeCachesOrder.Route;
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), new Uri(options.Value.Balancer, path))
        {
            Headers = { Host = site.Host },
        };
        foreach (var (name, value) in new PurgeCachesOrder(page).Headers)
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
