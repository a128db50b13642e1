using System.Net;
using Microsoft.Extensions.Options;
using WpFarm.Backups.Gtid;
using WpFarm.Backups.Polling;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Database;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Backups.Drills;

/// <summary>A database server for trial restores, and a WordPress that displays its data. Nothing else uses them.</summary>
internal sealed class ScratchServer(IOptions<BackupSettings> options, IOptions<DatabaseSettings> database, TimeProvider time)
    : IAsyncDisposable
{
    /// <summary>The limit allows for a WordPress that has nothing cached.</summary>
    private static readonly HttpClient s_http = new() { Timeout = TimeSpan.FromSeconds(60) };

    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan s_led = TimeSpan.FromSeconds(30);

    public MariaDbServer Server { get; } = new(new DatabaseServer(options.Value.ScratchServer!, ServerRole.Replica), database, time);

    /// <summary>
    /// Restarts the server without data. With data that it cannot start with, its agent answers only for a moment between two attempts.
    /// </summary>
    /// <exception cref="TimeoutException">The server does not start.</exception>
    public async Task EmptyAsync(CancellationToken cancel)
    {
        await Poll.UntilAsync(
            async () =>
            {
                try
                {
                    await Server.Agent.EmptyAsync(cancel);
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            s_start,
            $"{Server.Identity} does not take the order to throw its data away",
            time,
            cancel
        );
        await Poll.UntilAsync(
            () => Server.HasAsync(GtidPosition.Empty, cancel),
            s_start,
            $"{Server.Identity} does not come up empty",
            time,
            cancel
        );
    }

    /// <summary>
    /// Requests a page of the site. It waits while WordPress finds no database: the proxy connects it to the server once a health check has
    /// succeeded.
    /// </summary>
    /// <exception cref="IOException">The response is not a page of the site.</exception>
    /// <exception cref="TimeoutException">WordPress finds no database.</exception>
    public Task RenderAsync(Site site, CancellationToken cancel) =>
        Poll.UntilAsync(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, options.Value.ScratchSite) { Headers = { Host = site.Host } };
                using var response = await s_http.SendAsync(request, cancel);
                if (response.StatusCode is HttpStatusCode.ServiceUnavailable)
                    return false;
                if (
                    !response.IsSuccessStatusCode
                    || !(await response.Content.ReadAsStringAsync(cancel)).Contains("</html>", StringComparison.OrdinalIgnoreCase)
                )
                    throw new IOException($"the front page of {site.Id} is answered with {(int)response.StatusCode}");
                return true;
            },
            s_led,
            $"WordPress finds no database for the front page of {site.Id}",
            time,
            cancel
        );

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
