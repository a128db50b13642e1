using System.Globalization;
using System.Net;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Engine;

/// <summary>
/// Looks at the farm's containers, and starts and drains those of its pools, through a proxy that lets nothing else pass. Where there
/// is no such proxy, or no compose project (a swarm), the answer is that the state is unknown, and why.
/// </summary>
internal sealed class ContainerEngine(HttpClient http, IOptions<EngineSettings> options, ILogger<ContainerEngine> logger)
{
    private const string ProjectLabel = "com.docker.compose.project";
    private const string ServiceLabel = "com.docker.compose.service";
    private const string NumberLabel = "com.docker.compose.container-number";

    /// <summary>A busy machine takes seconds to start a container, and what is given up in the middle is neither here nor there.</summary>
    private static readonly TimeSpan s_actLimit = TimeSpan.FromSeconds(45);

    /// <summary>The compose project that this process is a container of; null when there is no engine to ask.</summary>
    public async Task<string?> ProjectAsync(CancellationToken cancel)
    {
        if (options.Value.Project is { } configured)
            return configured;
        try
        {
            return (await InspectAsync(Environment.MachineName, cancel)).Config.Labels?.GetValueOrDefault(ProjectLabel);
        }
        catch (Exception e) when (IsOutage(e, cancel))
        {
            return null;
        }
    }

    public Task<EngineSnapshot> ContainersAsync(CancellationToken cancel) => ContainersAsync(null, cancel);

    /// <param name="service">Of which service; null: of all.</param>
    public async Task<EngineSnapshot> ContainersAsync(string? service, CancellationToken cancel)
    {
        if (await ProjectAsync(cancel) is not { } project)
            return EngineSnapshot.Unknown(
                $"no engine that answers at {options.Value.Api} knows this container as part of a compose project"
            );
        try
        {
            var ofService = service is null ? "" : $",\"{ServiceLabel}={service}\"";
            var filters = Uri.EscapeDataString($$"""{"label":["{{ProjectLabel}}={{project}}"{{ofService}}]}""");
            var containers = await GetAsync(
                $"containers/json?all=1&filters={filters}",
                DockerJson.Default.IReadOnlyListDockerContainer,
                cancel
            );
            return new EngineSnapshot(await Task.WhenAll(containers.Select(container => DescribeAsync(container, cancel))));
        }
        catch (Exception e) when (IsOutage(e, cancel))
        {
            ContainerEngineLog.Unknown(logger, e);
            return EngineSnapshot.Unknown($"{options.Value.Api}: {e.Message}");
        }
    }

    /// <summary>Also when it runs already.</summary>
    /// <exception cref="HttpRequestException">The engine refused, or does not answer; says why.</exception>
    public Task StartAsync(string container, CancellationToken cancel) =>
        ActAsync($"containers/{Uri.EscapeDataString(container)}/start", cancel);

    /// <summary>Asks its program to end (SIGTERM); the engine does not start it again. Also when it has ended already.</summary>
    /// <exception cref="HttpRequestException">The engine refused, or does not answer; says why.</exception>
    public Task DrainAsync(string container, CancellationToken cancel) =>
        ActAsync($"containers/{Uri.EscapeDataString(container)}/kill?signal=SIGTERM", cancel);

    private async Task ActAsync(string order, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(s_actLimit);
        try
        {
            using var response = await http.PostAsync(new Uri(order, UriKind.Relative), null, limit.Token);
            // It is so already.
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

    private async Task<Container> DescribeAsync(DockerContainer container, CancellationToken cancel)
    {
        var details = await InspectAsync(container.Id, cancel);
        return new Container(
            container.Names[0].TrimStart('/'),
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
