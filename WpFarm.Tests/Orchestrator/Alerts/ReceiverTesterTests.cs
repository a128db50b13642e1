using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Alerts;
using WpFarm.Orchestrator.Api;

namespace WpFarm.Tests.Orchestrator.Alerts;

public sealed class ReceiverTesterTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    public async Task A_notification_is_delivered_when_an_attempt_is_accepted(int failures, int attempts)
    {
        var alertmanager = new FakeAlertmanager { Failures = failures };

        Assert.Equal(new ReceiverTest("hook", IsDelivered: true, attempts), await TestAsync(alertmanager, TimeSpan.FromMinutes(1)));

        var labels = Assert.Single(alertmanager.Raised).GetProperty("labels");
        Assert.Equal(("AlertTest", "hook"), (labels.GetProperty("alertname").GetString(), labels.GetProperty("receiver").GetString()));
    }

    [Fact]
    public async Task A_notification_that_is_never_accepted_is_not_delivered()
    {
        var test = await TestAsync(new FakeAlertmanager { Failures = int.MaxValue }, TimeSpan.FromSeconds(1));

        Assert.False(test.IsDelivered);
        Assert.InRange(test.Attempts, 1, int.MaxValue);
    }

    [Fact]
    public async Task An_alertmanager_that_does_not_answer_is_named()
    {
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => new FakeAlertmanager().Client.AlertsAsync(CancellationToken.None));

        Assert.Contains("alertmanager: does not answer", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silence_that_is_not_there_is_bad_input()
    {
        var e = await Assert.ThrowsAsync<InvalidRequestException>(() =>
            new FakeAlertmanager().Client.UnsilenceAsync("gone", CancellationToken.None)
        );

        Assert.Contains("'gone'", e.Message, StringComparison.Ordinal);
    }

    private static Task<ReceiverTest> TestAsync(FakeAlertmanager alertmanager, TimeSpan limit) =>
        new ReceiverTester(
            alertmanager.Client,
            Options.Create(new AlertSettings { Alertmanager = new("http://alertmanager:9093"), TestLimit = limit }),
            TimeProvider.System
        ).TestAsync("hook", CancellationToken.None);
}
