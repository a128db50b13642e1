using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;
using WpFarm.Topology.Layers.Observability;

namespace WpFarm.Orchestrator.Alerts;

/// <summary>Sends a test notification to one receiver, by Alertmanager, and finds out whether the receiver's server accepted it.</summary>
internal sealed class ReceiverTester(AlertmanagerApi alertmanager, IOptions<AlertSettings> options, TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Alertmanager does not say which notification was accepted. It counts the attempts for each receiver, so another alert that the
    /// receiver is told of meanwhile counts too: it shows the same.
    /// </summary>
    public async Task<ReceiverTest> TestAsync(string receiver, CancellationToken cancel)
    {
        var before = await alertmanager.SentToAsync(receiver, cancel);
        var limit = options.Value.TestLimit;
        await alertmanager.RaiseAsync(Alert(receiver, time.GetUtcNow() + limit), cancel);
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(s_interval, time);
        SentNotifications now;
        do
        {
            await timer.WaitForNextTickAsync(cancel);
            now = await alertmanager.SentToAsync(receiver, cancel);
        } while (now.Delivered <= before.Delivered && time.GetElapsedTime(started) < limit);

        return new(receiver, now.Delivered > before.Delivered, now.Attempts - before.Attempts);
    }

    /// <summary>Each test is an alert of its own, so that a repeated one is sent again.</summary>
    private static RaisedAlert Alert(string receiver, DateTimeOffset endsAt) =>
        new(
            new Dictionary<string, string>
            {
                ["alertname"] = Alertmanager.TestAlert,
                [Alertmanager.TestedReceiver] = receiver,
                ["severity"] = ApiJson.Word(AlertSeverity.Info),
                ["test"] = Guid.NewGuid().ToString("N")[..8],
            },
            new Dictionary<string, string>
            {
                ["summary"] = $"This is a test of receiver {receiver}. Nothing is wrong.",
                ["runbook"] = "docs/alerts.md",
            },
            endsAt
        );
}
