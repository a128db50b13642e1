using System.Globalization;
using System.Net;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Engine;

/// <summary>
/// Observes the farm's containers, and starts and drains those of its pools, through a proxy that blocks every other request. Without such
/// a proxy, or without a compose project (in a swarm), the state is unknown, and the answer says why.
/// </summary>
internal sealed class ContainerEngine(HttpClient http, IOptions<EngineSettings> options, ILogger<ContainerEngine> logger)
{
    private const string ProjectLabel = "com.docker.compose.project";
    private const string ServiceLabel = "com.docker.compose.service";
    private const string NumberLabel = "com.docker.compose.container-number";

    /// <summary>
    /// Time limit for an order. A busy machine takes seconds to start a container, and after a timeout it is unknown whether the order took
    /// effect.
    /// </summary>
    private static readonly TimeSpan s_actLimit = TimeSpan.FromSeconds(45);

    /// <summary>The compose project of the farm. Null: the farm is none.</summary>
    public string? Project => options.Value.Project;

    public Task<EngineSnapshot> ContainersAsync(CancellationToken cancel) => ContainersAsync(null, cancel);

    /// <param name="service">The service whose containers are returned. Null for all services.</param>
    public async Task<EngineSnapshot> ContainersAsync(string? service, CancellationToken cancel)
    {
        if (Project is not { } project)
            return EngineSnapshot.Unknown("on a swarm, which has this farm's containers on several engines: docker service ls");
        try
        {
            var ofService = service is null ? "" : $",\"{ServiceLabel}={service}\"";
            var filters = Uri.EscapeDataString($$"""{"label":["{{ProjectLabel}}={{project}}"{{ofService}}]}""");
            var containers = await GetAsync(
                $"containers/json?all=1&filters={filters}",
                DockerJson.Default.IReadOnlyListDockerContainer,
                cancel
            );
            var described = await Task.WhenAll(containers.Select(container => DescribeAsync(container, cancel)));
            return new EngineSnapshot([.. described.OfType<Container>()]);
        }
        catch (Exception e) when (IsOutage(e, cancel))
        {
            ContainerEngineLog.Unknown(logger, e);
            return EngineSnapshot.Unknown($"{options.Value.Api}: {e.Message}");
        }
    }

    /// <summary>Starts a container. A container that already runs is no error.</summary>
    /// <exception cref="HttpRequestException">The engine refused, or does not answer. The message says why.</exception>
    public Task StartAsync(string container, CancellationToken cancel) =>
        ActAsync($"containers/{Uri.EscapeDataString(container)}/start", cancel);

    /// <summary>
    /// Asks the container's program to end (SIGTERM). The engine does not restart it. A container that has already ended is no error.
    /// </summary>
    /// <exception cref="HttpRequestException">The engine refused, or does not answer. The message says why.</exception>
    public Task DrainAsync(string container, CancellationToken cancel) =>
        ActAsync($"containers/{Uri.EscapeDataString(container)}/kill?signal=SIGTERM", cancel);

    private async Task ActAsync(string order, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(s_actLimit);
        try
        {
            using var response = await http.PostAsync(new Uri(order, UriKind.Relative), null, limit.Token);
            // NotModified and Conflict: the container is already in the requested state.
            if (response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.NotModified or HttpStatusCode.Conflict)
                return;
            var refusal = (await response.Content.ReadAsStringAsync(limit.Token)).Trim();
            throw new HttpRequestException($"{order}: the engine answered {(int)response.StatusCode}: {refusal}");
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException($"{order}: the engine did not answer within {s_actLimit.TotalSeconds:0} s", e);
        }
    }

    private static bool IsOutage(Exception e, CancellationToken cancel) =>
        !cancel.IsCancellationRequested && e is HttpRequestException or OperationCanceledException;

    /// <returns>Null for a container of a service that the farm does not have (any more): the proxy refuses it.</returns>
    private async Task<Container?> DescribeAsync(DockerContainer container, CancellationToken cancel)
    {
        var name = container.Names[0].TrimStart('/');
        DockerContainerDetails details;
        try
        {
            // By its name: the proxy tells the farm's own containers by it.
            details = await InspectAsync(name, cancel);
        }
        catch (HttpRequestException e) when (e.StatusCode is HttpStatusCode.Forbidden)
        {
            return null;
        }

        return new Container(
            name,
            container.Labels.GetValueOrDefault(ServiceLabel, ""),
            int.TryParse(container.Labels.GetValueOrDefault(NumberLabel), CultureInfo.InvariantCulture, out var number) ? number : 0,
            container.Image,
            details.State.Status,
            details.State.ExitCode,
            details.State.Health?.Status,
            details.RestartCount
        );
    }

    private Task<DockerContainerDetails> InspectAsync(string container, CancellationToken cancel) =>
        GetAsync($"containers/{Uri.EscapeDataString(container)}/json", DockerJson.Default.DockerContainerDetails, cancel);

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.Value.Timeout);
        return await http.GetFromJsonAsync(path, type, limit.Token) ?? throw new HttpRequestException($"{path} answered null");
    }
}

internal static partial class ContainerEngineLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The engine's state is unknown")]
    public static partial void Unknown(ILogger logger, Exception exception);
}
