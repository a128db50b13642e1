using System.Net;
using System.Text.Json;
using WpFarm.Orchestrator.Alerts;

namespace WpFarm.Tests.Orchestrator.Alerts;

/// <summary>Counts the attempts to tell a receiver, which fail as a test says.</summary>
internal sealed class FakeAlertmanager : HttpMessageHandler
{
    private int _attempts = 7;
    private int _failed = 2;

    /// <summary>How often a notification fails before it is accepted.</summary>
    public int Failures { get; init; }

    public List<JsonElement> Raised { get; } = [];

    public AlertmanagerApi Client => new(new HttpClient(this, disposeHandler: false) { BaseAddress = new("http://alertmanager:9093") });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        switch (request.Method.Method, request.RequestUri!.AbsolutePath)
        {
            case ("POST", "/api/v2/alerts"):
                Raised.Add(JsonElement.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))[0]);
                return new(HttpStatusCode.OK);
            case ("GET", "/metrics"):
                if (Raised.Count > 0 && _attempts - 7 <= Failures)
                    (_attempts, _failed) = (_attempts + 1, _attempts - 7 < Failures ? _failed + 1 : _failed);
                return new(HttpStatusCode.OK)
                {
                    Content = new StringContent(
                        $$"""
                        alertmanager_notification_requests_total{integration="email",receiver_name="oncall"} 40
                        alertmanager_notification_requests_total{integration="webhook",receiver_name="hook"} {{_attempts}}
                        alertmanager_notification_requests_failed_total{integration="webhook",receiver_name="hook"} {{_failed}}
                        """
                    ),
                };
            case ("DELETE", _):
                return new(HttpStatusCode.NotFound);
            default:
                throw new HttpRequestException("Connection refused");
        }
    }
}
