using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Mail;

/// <summary>Counts, for the metrics, the mail of each site that came back: what its receiver refused, or the relay did not take.</summary>
internal sealed partial class ReturnedMail(
    Farm farm,
    Mailboxes mailboxes,
    MailMetrics metrics,
    IOptions<MailSettings> options,
    TimeProvider time,
    ILogger<ReturnedMail> logger
) : BackgroundService
{
    private bool _answers = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReturnedInterval, time);
        do await CountAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task CountAsync(CancellationToken cancel)
    {
        try
        {
            var counted = await mailboxes.CountReturnedAsync(cancel);
            foreach (var site in farm.Sites)
                metrics.Returned(site, counted.GetValueOrDefault(site.Id));
            _answers = true;
        }
        catch (HttpRequestException e)
        {
            // Once, and not at each look.
            if (_answers)
                LogNotCounted(e.Message);
            _answers = false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mail that came back is not counted: {Problem}")]
    private partial void LogNotCounted(string problem);
}
