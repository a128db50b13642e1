using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Sites;

/// <summary>
/// The clock of the WordPress sites. By default, WordPress runs due tasks when a visitor's request reaches it; behind a page cache hardly
/// any does. So this service calls each site's wp-cron.php once per interval, one site after the other, evenly spread: with 60 sites, one
/// each second.
/// </summary>
internal sealed partial class SiteCron(
    Farm farm,
    IHttpClientFactory clients,
    SiteCronMetrics metrics,
    IOptions<CronSettings> options,
    TimeProvider time,
    ILogger<SiteCron> logger
) : BackgroundService
{
    public const string HttpClientName = "cron";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (farm.Sites.Count == 0)
            return;
        using var slots = new SemaphoreSlim(options.Value.Concurrency);
        using var timer = new PeriodicTimer(options.Value.Interval / farm.Sites.Count, time);
        var running = new Task[farm.Sites.Count];
        Array.Fill(running, Task.CompletedTask);
        for (var turn = 0; await timer.WaitForNextTickAsync(stoppingToken); turn = (turn + 1) % running.Length)
            if (running[turn].IsCompleted)
                running[turn] = RunInSlotAsync(farm.Sites[turn], slots, stoppingToken);
            else
                metrics.Ran(farm.Sites[turn], SiteCronOutcome.Skipped);
    }

    private async Task RunInSlotAsync(Site site, SemaphoreSlim slots, CancellationToken cancel)
    {
        await slots.WaitAsync(cancel);
        try
        {
            metrics.Ran(site, await RunAsync(site, cancel));
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task<SiteCronOutcome> RunAsync(Site site, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(options.Value.Balancer, "/wp-cron.php"))
            {
                Headers = { Host = site.Host },
            };
            using var client = clients.CreateClient(HttpClientName);
            using var response = await client.SendAsync(request, cancel);
            if (response.IsSuccessStatusCode)
                return SiteCronOutcome.Ok;
            LogAnswer(site.Id, (int)response.StatusCode);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            LogFailed(site.Id, e.Message);
        }

        return SiteCronOutcome.Failed;
    }
}
