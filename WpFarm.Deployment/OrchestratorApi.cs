using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using WpFarm.Topology;

namespace WpFarm.Deployment;

/// <summary>What the farm's Orchestrator knows and does, asked over its API on this machine.</summary>
public sealed class OrchestratorApi : IDisposable
{
    private readonly HttpClient _http;

    /// <exception cref="FarmErrorException">The farm has no secrets, so it was never started here.</exception>
    public OrchestratorApi(Farm farm, FarmInstance instance)
    {
        var token = instance.SecretsWith(Secret.ApiToken).Read(Secret.ApiToken);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{farm.Options.Management.OrchestratorPort}/api/"), Timeout = TimeSpan.FromSeconds(90) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public void Dispose() => _http.Dispose();

    public Task<DatabaseStatus> Database(CancellationToken cancel) => Ask(async () =>
        await _http.GetFromJsonAsync<DatabaseStatus>("database/", cancel).ConfigureAwait(false) ?? throw new JsonException("null"));

    /// <param name="to">Null: the other primary.</param>
    /// <exception cref="FarmFailedException">The Orchestrator refused, or could not; says why. Who takes writes is as before.</exception>
    public Task SwitchOver(string? to, CancellationToken cancel) => Post($"database/switchover{(to is null ? "" : $"?to={Uri.EscapeDataString(to)}")}", cancel);

    public Task Maintain(string server, bool on, CancellationToken cancel) => Post($"database/servers/{Uri.EscapeDataString(server)}/maintenance/{(on ? "true" : "false")}", cancel);

    /// <summary>Somebody has looked at the last failover; the next may come at any time.</summary>
    public Task Acknowledge(CancellationToken cancel) => Post("database/acknowledge", cancel);

    private Task<bool> Post(string path, CancellationToken cancel) => Ask(async () =>
    {
        using var response = await _http.PostAsync(new Uri(path, UriKind.Relative), null, cancel).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
            return true;
        var problem = response.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? (await response.Content.ReadFromJsonAsync<Problem>(cancel).ConfigureAwait(false))?.Detail : null;
        var message = $"orchestrator: {problem ?? $"{path} answered {(int)response.StatusCode}"}";
        throw (int)response.StatusCode == 400 ? new FarmErrorException(message) : new FarmFailedException(message);
    });

    private static async Task<T> Ask<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new FarmFailedException($"The Orchestrator does not answer ({e.Message}). Is the farm up? ./farm status");
        }
    }

    private sealed record Problem(string? Detail);
}

/// <summary>The database as the Orchestrator last saw it.</summary>
/// <param name="Writer">Null when there is none, or more than one.</param>
/// <param name="Problems">Empty when all is well.</param>
public sealed record DatabaseStatus(
    string? Writer, IReadOnlyList<string> Problems, DateTimeOffset? ObservedAt, DateTimeOffset? FailedOverAt, IReadOnlyList<DatabaseServerStatus> Servers, IReadOnlyList<WriterChange> Promotions);

/// <param name="Failure">Why it did not answer; null when it did.</param>
/// <param name="Acknowledges">Commits of the writer are answered once it has them.</param>
public sealed record DatabaseServerStatus(string Name, string Role, string? Failure, bool? ReadOnly, string? Gtid, double? LagSeconds, bool Acknowledges, bool Maintenance);

/// <summary>One change of the writer, in its phases.</summary>
public sealed record WriterChange(string? From, string To, string Reason, DateTimeOffset Since, string? Running, IReadOnlyList<WriterChangePhase> Phases, string? Failure, DateTimeOffset? Ended);

public sealed record WriterChangePhase(string Name, TimeSpan Took, string Result);
