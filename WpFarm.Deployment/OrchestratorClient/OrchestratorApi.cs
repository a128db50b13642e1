using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Swarm;
using WpFarm.Topology;

namespace WpFarm.Deployment.OrchestratorClient;

/// <summary>Sends the calls of <see cref="WpFarm.Contracts.Api.Routes"/> to a farm's Orchestrator.</summary>
public sealed class OrchestratorApi : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Of a farm on this machine.</summary>
    /// <exception cref="InvalidInputException">The farm has no secrets, so it was never started here.</exception>
    public OrchestratorApi(Farm farm, FarmInstance instance)
        : this(new($"http://127.0.0.1:{farm.Options.Management.OrchestratorPort}"), TokenOf(instance), new SocketsHttpHandler()) { }

    internal OrchestratorApi(Uri address, string token, HttpMessageHandler handler)
    {
        _http = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(90) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Of a farm on a swarm, of which the engine is a manager.</summary>
    /// <param name="context">Docker context of the engine; null is what the environment says.</param>
    /// <returns>Null when it is not, or has no such farm.</returns>
    /// <exception cref="InvalidInputException">The farm was not deployed from here: its secrets are elsewhere.</exception>
    public static async Task<OrchestratorApi?> OnSwarmAsync(FarmInstance instance, CancellationToken cancel, string? context = null) =>
        await OrchestratorTunnel.FindAsync(instance.Project, context, cancel) is { } tunnel
            ? new(
                new("http://orchestrator"),
                TokenOf(instance),
                new SocketsHttpHandler { ConnectCallback = async (_, cancel) => await tunnel.OpenAsync(cancel) }
            )
            : null;

    public void Dispose() => _http.Dispose();

    /// <exception cref="InvalidInputException">The Orchestrator refused the request; the message says what to change.</exception>
    /// <exception cref="OperationFailedException">
    /// The Orchestrator could not do it now, or its answer is not the route's; the message says why.
    /// </exception>
    public Task<TAnswer> SendAsync<TAnswer>(ApiRoute<NoParameters, TAnswer> route, CancellationToken cancel) =>
        SendAsync(route, new(), cancel);

    /// <inheritdoc cref="SendAsync{TAnswer}(ApiRoute{NoParameters, TAnswer}, CancellationToken)"/>
    public async Task<TAnswer> SendAsync<TParameters, TAnswer>(
        ApiRoute<TParameters, TAnswer> route,
        TParameters parameters,
        CancellationToken cancel
    )
        where TParameters : notnull
    {
        var path = route.PathOf(parameters);
        try
        {
            using var request = new HttpRequestMessage(route.Method, path);
            if (parameters is byte[] body)
                request.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/octet-stream") } };
            using var response = await _http.SendAsync(request, cancel);
            await CheckAsync(response, path, cancel);
            return route.HasAnswer
                ? await response.Content.ReadFromJsonAsync<TAnswer>(ApiJson.Options, cancel) ?? throw new JsonException("It is null.")
                : default!;
        }
        catch (HttpRequestException e)
        {
            throw new OperationFailedException($"The Orchestrator does not answer ({e.Message}). Is the farm up? ./farm status");
        }
        catch (JsonException e)
        {
            throw new OperationFailedException(
                $"orchestrator: the answer to {route} is not a {typeof(TAnswer).Name}: {e.Message} "
                    + "Does the farm run another version than this one? ./farm up updates it."
            );
        }
    }

    private static string TokenOf(FarmInstance instance) => instance.SecretsWith(Secret.ApiToken).Read(Secret.ApiToken);

    private static async Task CheckAsync(HttpResponseMessage response, string path, CancellationToken cancel)
    {
        if (response.IsSuccessStatusCode)
            return;
        var problem =
            response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                ? (await response.Content.ReadFromJsonAsync<Problem>(cancel))?.Detail
                : null;
        var message = $"orchestrator: {problem ?? $"{path} answered {(int)response.StatusCode}"}";
        throw (int)response.StatusCode == 400 ? new InvalidInputException(message) : new OperationFailedException(message);
    }

    private sealed record Problem(string? Detail);
}
