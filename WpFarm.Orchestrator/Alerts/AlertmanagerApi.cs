using System.Globalization;
using System.Net;
using System.Text.Json;
using WpFarm.Orchestrator.Api;
using WpFarm.Topology.Layers.Observability;

namespace WpFarm.Orchestrator.Alerts;

/// <summary>
/// Alertmanager's API, version 2. https://github.com/prometheus/alertmanager/blob/v0.28.1/api/v2/openapi.yaml
/// Each call throws <see cref="HttpRequestException"/> when Alertmanager does not answer, or answers something else.
/// </summary>
internal sealed class AlertmanagerApi(HttpClient http)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <summary>All alerts, also those that nobody is told of.</summary>
    public async Task<IReadOnlyList<SentAlert>> AlertsAsync(CancellationToken cancel) =>
        await ReadAsync<IReadOnlyList<SentAlert>>(HttpMethod.Get, "api/v2/alerts", null, cancel);

    /// <summary>Raises an alert, as Prometheus does.</summary>
    public async Task RaiseAsync(RaisedAlert alert, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Post, "api/v2/alerts", new[] { alert }, cancel)).Dispose();

    /// <summary>All silences, also those that have ended.</summary>
    public async Task<IReadOnlyList<StoredSilence>> SilencesAsync(CancellationToken cancel) =>
        await ReadAsync<IReadOnlyList<StoredSilence>>(HttpMethod.Get, "api/v2/silences", null, cancel);

    /// <returns>The silence's id.</returns>
    public async Task<string> SilenceAsync(NewSilence silence, CancellationToken cancel) =>
        (await ReadAsync<SilenceAnswer>(HttpMethod.Post, "api/v2/silences", silence, cancel)).SilenceID;

    /// <exception cref="InvalidRequestException">There is no such silence.</exception>
    public async Task UnsilenceAsync(string id, CancellationToken cancel)
    {
        try
        {
            (await SendAsync(HttpMethod.Delete, $"api/v2/silence/{Uri.EscapeDataString(id)}", null, cancel)).Dispose();
        }
        catch (HttpRequestException e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity)
        {
            throw new InvalidRequestException($"There is no silence '{id}'. ./farm alerts silences lists them.");
        }
    }

    /// <summary>How often Alertmanager has sent something to a receiver since its start.</summary>
    public async Task<SentNotifications> SentToAsync(string receiver, CancellationToken cancel)
    {
        using var response = await SendAsync(HttpMethod.Get, "metrics", null, cancel);
        return SentNotifications.In(await response.Content.ReadAsStringAsync(cancel), receiver);
    }

    private async Task<T> ReadAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        using var response = await SendAsync(method, path, body, cancel);
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(s_json, cancel) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new HttpRequestException($"alertmanager: the answer to {method} /{path} cannot be read: {e.Message}", e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = JsonContent.Create(body, options: s_json);
        try
        {
            var response = await http.SendAsync(request, cancel);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
                throw new HttpRequestException(
                    $"alertmanager: {method} /{path} answered {(int)response.StatusCode}: "
                        + (await response.Content.ReadAsStringAsync(cancel)).Trim(),
                    inner: null,
                    response.StatusCode
                );
        }
        catch (HttpRequestException e) when (e.StatusCode is null)
        {
            throw new HttpRequestException($"alertmanager: does not answer ({e.Message}). ./farm logs alertmanager", e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException($"alertmanager: did not answer within {http.Timeout.TotalSeconds:0.#} s", e);
        }
    }

    private sealed record SilenceAnswer(string SilenceID);
}

/// <summary>An alert, as Alertmanager lists it.</summary>
internal sealed record SentAlert(
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Annotations,
    DateTimeOffset StartsAt,
    IReadOnlyList<NamedReceiver> Receivers,
    AlertSuppression Status
);

internal sealed record NamedReceiver(string Name);

/// <summary>What keeps an alert from its receivers: ids of silences, fingerprints of alerts.</summary>
internal sealed record AlertSuppression(IReadOnlyList<string> SilencedBy, IReadOnlyList<string> InhibitedBy);

/// <param name="EndsAt">When it ends if it is not raised again.</param>
internal sealed record RaisedAlert(
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Annotations,
    DateTimeOffset EndsAt
);

internal sealed record NewSilence(
    IReadOnlyList<AlertMatcher> Matchers,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string CreatedBy,
    string Comment
);

internal sealed record StoredSilence(
    string Id,
    IReadOnlyList<AlertMatcher> Matchers,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string CreatedBy,
    string Comment,
    SilenceState Status
);

/// <param name="State"><c>active</c>, <c>pending</c> or <c>expired</c>.</param>
internal sealed record SilenceState(string State);

/// <summary>Attempts to send something to one receiver, since Alertmanager's start.</summary>
/// <param name="Failed">Those that its server did not accept.</param>
internal sealed record SentNotifications(int Attempts, int Failed)
{
    private const string All = "alertmanager_notification_requests_total{";
    private const string Refused = "alertmanager_notification_requests_failed_total{";

    public int Delivered => Attempts - Failed;

    /// <param name="metrics">Alertmanager's metrics: <c>NAME{integration="email",receiver_name="oncall"} 3</c>.</param>
    public static SentNotifications In(string metrics, string receiver)
    {
        var lines = metrics
            .Split('\n')
            .Where(line => line.Contains($"{Alertmanager.ReceiverMetricLabel}=\"{receiver}\"", StringComparison.Ordinal))
            .ToList();
        return new(Sum(All), Sum(Refused));

        int Sum(string metric) =>
            lines
                .Where(line => line.StartsWith(metric, StringComparison.Ordinal))
                .Sum(line => (int)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }
}
