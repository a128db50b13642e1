using System.Net;
using Microsoft.Extensions.Options;
using WpFarm.Backups.Gtid;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Database;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Backups.Drills;

/// <summary>A database server that is restored into, and the WordPress that shows what is in it. Nobody else uses them.</summary>
internal sealed class ScratchServer(IOptions<BackupSettings> options, IOptions<DatabaseSettings> database, TimeProvider time)
    : IAsyncDisposable
{
    /// <summary>WordPress reads everything anew.</summary>
    private static readonly HttpClient s_http = new() { Timeout = TimeSpan.FromSeconds(60) };

    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan s_led = TimeSpan.FromSeconds(30);

    public MariaDbServer Server { get; } = new(new DatabaseServer(options.Value.ScratchServer!, ServerRole.Replica), database, time);

    /// <summary>Throws its data away. With data that it cannot start with, it answers for a moment between two attempts.</summary>
    /// <exception cref="TimeoutException">It does not come up.</exception>
    public async Task EmptyAsync(CancellationToken cancel)
    {
        await Wait.UntilAsync(
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
        await Wait.UntilAsync(
            () => Server.HasAsync(GtidPosition.Empty, cancel),
            s_start,
            $"{Server.Identity} does not come up empty",
            time,
            cancel
        );
    }

    /// <summary>Waits while WordPress finds no database: the proxy leads it to the server once a health check has seen that it answers.</summary>
    /// <exception cref="IOException">The page is not one.</exception>
    /// <exception cref="TimeoutException">WordPress finds no database.</exception>
    public Task RenderAsync(Site site, CancellationToken cancel) =>
        Wait.UntilAsync(
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
