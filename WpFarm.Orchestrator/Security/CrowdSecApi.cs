using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Security;

/// <summary>
/// CrowdSec's local API, version 1. https://crowdsecurity.github.io/api_doc/lapi/ It knows the Orchestrator as a machine, because those who
/// only read decisions ("bouncers") cannot make any. Each call throws <see cref="HttpRequestException"/> when CrowdSec does not answer, or
/// answers something else.
/// </summary>
internal sealed class CrowdSecApi(HttpClient http, IOptions<SecuritySettings> settings)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Alerts with a decision that is in force.</summary>
    public Task<IReadOnlyList<CrowdSecAlert>> InForceAsync(CancellationToken cancel) =>
        AlertsAsync("has_active_decision=true&limit=0", cancel);

    /// <summary>Alerts about one address, or about ranges that contain it, the latest first.</summary>
    public Task<IReadOnlyList<CrowdSecAlert>> AboutAsync(BannedRange range, int limit, CancellationToken cancel) =>
        AlertsAsync($"{Filter(range)}&limit={limit}", cancel);

    public async Task AddAsync(CrowdSecAlert alert, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Post, "v1/alerts", new[] { alert }, cancel)).Dispose();

    /// <summary>Ends the decisions about one address, or about ranges that contain it.</summary>
    public async Task DeleteAsync(BannedRange range, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Delete, $"v1/decisions?{Filter(range)}", null, cancel)).Dispose();

    private static string Filter(BannedRange range) => $"{(range.IsAddress ? "ip" : "range")}={Uri.EscapeDataString(range.Value)}";

    private async Task<IReadOnlyList<CrowdSecAlert>> AlertsAsync(string query, CancellationToken cancel)
    {
        using var response = await SendAsync(HttpMethod.Get, $"v1/alerts?{query}", null, cancel);
        // Null: there are none.
        return await ReadAsync<IReadOnlyList<CrowdSecAlert>?>(response, cancel) ?? [];
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        var login = new Login("orchestrator", SecretFile.Read(settings.Value.PasswordFile), []);
        using var answer = await AskAsync(HttpMethod.Post, "v1/watchers/login", login, null, cancel);
        return await AskAsync(method, path, body, (await ReadAsync<LoginAnswer>(answer, cancel)).Token, cancel);
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, object? body, string? token, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = JsonContent.Create(body, options: s_json);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            var response = await http.SendAsync(request, cancel);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
                throw new HttpRequestException(
                    $"crowdsec: {method} /{path} answered {(int)response.StatusCode}: "
                        + (await response.Content.ReadAsStringAsync(cancel)).Trim(),
                    inner: null,
                    response.StatusCode
                );
        }
        catch (HttpRequestException e) when (e.StatusCode is null)
        {
            throw new HttpRequestException($"crowdsec: does not answer ({e.Message}). ./farm logs crowdsec", e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException($"crowdsec: did not answer within {http.Timeout.TotalSeconds:0.#} s", e);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            return (await response.Content.ReadFromJsonAsync<T>(s_json, cancel))!;
        }
        catch (JsonException e)
        {
            var request = response.RequestMessage!;
            throw new HttpRequestException(
                $"crowdsec: the answer to {request.Method} {request.RequestUri!.AbsolutePath} cannot be read: {e.Message}",
                e
            );
        }
    }

    private sealed record Login(string MachineId, string Password, IReadOnlyList<string> Scenarios);

    private sealed record LoginAnswer(string Token);
}

/// <summary>Why something was decided: a scenario that was met, or a person's word.</summary>
/// <param name="StartAt">When the first of its requests came, as whoever reports it writes times.</param>
/// <param name="StopAt">When the last one came.</param>
internal sealed record CrowdSecAlert(
    string Scenario,
    string Message,
    int EventsCount,
    string StartAt,
    string StopAt,
    CrowdSecSource Source,
    IReadOnlyList<CrowdSecDecision>? Decisions,
    IReadOnlyList<CrowdSecEvent>? Events
)
{
    /// <summary>When CrowdSec stored it. Null in one that is sent.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    public int Capacity { get; init; }

    public string Leakspeed { get; init; } = "0";

    public string ScenarioHash { get; init; } = "";

    public string ScenarioVersion { get; init; } = "";

    public bool Simulated { get; init; }
}

/// <param name="Scope"><c>Ip</c> or <c>Range</c>.</param>
internal sealed record CrowdSecSource(string Scope, string Value);

/// <param name="Duration">How long it still lasts, in Go's form: <c>3h59m58.2s</c>. It begins with a minus sign when it has ended.</param>
/// <param name="Origin">Who decided.</param>
internal sealed record CrowdSecDecision(string Type, string Scope, string Value, string Duration, string Origin, string Scenario);

/// <summary>One line of the access log that counted.</summary>
internal sealed record CrowdSecEvent(string Timestamp, IReadOnlyList<CrowdSecMeta> Meta);

internal sealed record CrowdSecMeta(string Key, string Value);
