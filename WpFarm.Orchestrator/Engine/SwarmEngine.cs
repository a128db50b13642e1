using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Engine;

/// <summary>
/// Observes the farm's services in a swarm and sets the number of containers of its pools, through a proxy that blocks every other request.
/// </summary>
internal sealed class SwarmEngine(HttpClient http, IOptions<EngineSettings> options)
{
    private const string FarmLabel = "wpfarm.farm";
    private const string LabelConstraint = "node.labels.";

    /// <summary>Time limit for a change: the leading manager waits for a majority of managers before it answers.</summary>
    private static readonly TimeSpan s_actLimit = TimeSpan.FromSeconds(45);

    /// <param name="name">Name of the service without the stack's name.</param>
    /// <exception cref="HttpRequestException">The service does not exist, or the engine does not answer. The message says why.</exception>
    public async Task<EngineService> ServiceAsync(string name, CancellationToken cancel)
    {
        var filters = Uri.EscapeDataString($$"""{"label":["{{FarmLabel}}={{options.Value.Swarm}}"]}""");
        var services = await GetAsync($"services?filters={filters}", SwarmJson.Default.IReadOnlyListDockerService, cancel);
        return services.FirstOrDefault(service => service.Spec.Name.EndsWith($"_{name}", StringComparison.Ordinal)) is { } found
            ? Service(found, await RunningAsync(found.ID, cancel))
            : throw new HttpRequestException($"the swarm has no service {name} of farm {options.Value.Swarm}");
    }

    /// <summary>Counts the running containers of a service. The swarm's own count includes those on lost nodes.</summary>
    private async Task<int> RunningAsync(string service, CancellationToken cancel)
    {
        var filters = Uri.EscapeDataString($$"""{"service":["{{service}}"],"desired-state":["running"]}""");
        return (await GetAsync($"tasks?filters={filters}", SwarmJson.Default.IReadOnlyListDockerTask, cancel)).Count(task =>
            task.Status.State == "running"
        );
    }

    /// <exception cref="HttpRequestException">The engine does not answer. The message says why.</exception>
    public async Task<IReadOnlyList<EngineNode>> NodesAsync(CancellationToken cancel) =>
        [
            .. (await GetAsync("nodes", SwarmJson.Default.IReadOnlyListDockerNode, cancel)).Select(node => new EngineNode(
                node.Status.State == "ready" && node.Spec.Availability == "active",
                (node.Spec.Labels ?? new Dictionary<string, string>())
                    .Where(label => label.Value == "true")
                    .Select(label => label.Key)
                    .ToHashSet()
            )),
        ];

    /// <exception cref="HttpRequestException">The engine refused, or does not answer. The message says why.</exception>
    public async Task SetReplicasAsync(EngineService service, int replicas, CancellationToken cancel)
    {
        var order = $"services/{service.Name}/replicas/{replicas}";
        await InTimeAsync(
            order,
            s_actLimit,
            async limit =>
            {
                using var response = await http.PostAsync(new Uri(order, UriKind.Relative), null, limit);
                return response.IsSuccessStatusCode
                    ? true
                    : throw new HttpRequestException(
                        $"{order}: the engine answered {(int)response.StatusCode}: "
                            + $"{(await response.Content.ReadAsStringAsync(limit)).Trim()}"
                    );
            },
            cancel
        );
    }

    private static EngineService Service(DockerService service, int running) =>
        new(
            service.Spec.Name,
            service.Spec.Mode.Replicated?.Replicas ?? 0,
            running,
            service.Spec.TaskTemplate.Placement?.MaxReplicas ?? 0,
            [
                .. (service.Spec.TaskTemplate.Placement?.Constraints ?? [])
                    .Where(IsLabel)
                    .Select(constraint => constraint[LabelConstraint.Length..].Split("==")[0].Trim()),
            ],
            service.UpdateStatus?.State is "updating" or "rollback_started"
        );

    /// <summary>True for a constraint in the form that the stacks use: <c>node.labels.NAME == true</c>.</summary>
    private static bool IsLabel(string constraint) =>
        constraint.StartsWith(LabelConstraint, StringComparison.Ordinal) && constraint.EndsWith("== true", StringComparison.Ordinal);

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel) =>
        InTimeAsync(
            path,
            options.Value.Timeout,
            async limit => await http.GetFromJsonAsync(path, type, limit) ?? throw new HttpRequestException($"{path} answered null"),
            cancel
        );

    private async Task<T> InTimeAsync<T>(string what, TimeSpan time, Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(time);
        try
        {
            return await ask(limit.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException($"{what}: {options.Value.Api} did not answer within {time.TotalSeconds:0.#} s", e);
        }
    }
}

/// <param name="Name">Name of the service, with the stack's name before it.</param>
/// <param name="Running">Number of healthy containers.</param>
/// <param name="MaxPerNode">Largest number of containers per node. 0 when there is no limit.</param>
/// <param name="NodeLabels">Labels that a node must have to run the service.</param>
/// <param name="IsUpdating">True during an update or a rollback.</param>
internal sealed record EngineService(
    string Name,
    int Replicas,
    int Running,
    int MaxPerNode,
    IReadOnlyList<string> NodeLabels,
    bool IsUpdating
);

/// <param name="Labels">Names of the labels that are <c>true</c>.</param>
internal sealed record EngineNode(bool IsUsable, IReadOnlySet<string> Labels);
