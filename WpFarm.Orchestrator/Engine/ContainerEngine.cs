using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;

namespace WpFarm.Orchestrator.Engine;

/// <summary>
/// Looks at the farm's containers, through a proxy that lets nothing but looking pass. On hosts that have no such proxy
/// (a swarm, Aspire) the answer is that the state is unknown, and why.
/// </summary>
internal sealed class ContainerEngine(HttpClient http, IOptions<ContainerEngineOptions> options, ILogger<ContainerEngine> logger)
{
    private const string ProjectLabel = "com.docker.compose.project";
    private const string ServiceLabel = "com.docker.compose.service";

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

    public async Task<EngineSnapshot> ContainersAsync(CancellationToken cancel)
    {
        if (await ProjectAsync(cancel) is not { } project)
            return EngineSnapshot.Unknown($"no engine that answers at {options.Value.Api} knows this container as part of a compose project");
        try
        {
            var filters = Uri.EscapeDataString($$"""{"label":["{{ProjectLabel}}={{project}}"]}""");
            var containers = await GetAsync($"containers/json?all=1&filters={filters}", DockerJson.Default.IReadOnlyListDockerContainer, cancel);
            return new EngineSnapshot(await Task.WhenAll(containers.Select(container => DescribeAsync(container, cancel))));
        }
        catch (Exception e) when (IsOutage(e, cancel))
        {
            ContainerEngineLog.Unknown(logger, e);
            return EngineSnapshot.Unknown($"{options.Value.Api}: {e.Message}");
        }
    }

    private static bool IsOutage(Exception e, CancellationToken cancel) => !cancel.IsCancellationRequested && e is HttpRequestException or OperationCanceledException;

    private async Task<Container> DescribeAsync(DockerContainer container, CancellationToken cancel)
    {
        var details = await InspectAsync(container.Id, cancel);
        return new Container(
            container.Labels.GetValueOrDefault(ServiceLabel, ""), container.Image, details.State.Status, details.State.ExitCode, details.State.Health?.Status, details.RestartCount);
    }

    private Task<DockerContainerDetails> InspectAsync(string container, CancellationToken cancel) =>
        GetAsync($"containers/{Uri.EscapeDataString(container)}/json", DockerJson.Default.DockerContainerDetails, cancel);

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel) =>
        await http.GetFromJsonAsync(path, type, cancel) ?? throw new HttpRequestException($"{path} answered null");
}

internal static partial class ContainerEngineLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The engine's state is unknown")]
    public static partial void Unknown(ILogger logger, Exception exception);
}
