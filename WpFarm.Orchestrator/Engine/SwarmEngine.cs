using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Engine;

/// <summary>Looks at the farm's services in a swarm, and says how many containers its pools have, through a proxy that lets nothing else pass.</summary>
internal sealed class SwarmEngine(HttpClient http, IOptions<EngineSettings> options)
{
    private const string FarmLabel = "wpfarm.farm";
    private const string LabelConstraint = "node.labels.";

    /// <summary>A manager that leads asks a majority before it answers a change.</summary>
    private static readonly TimeSpan s_actLimit = TimeSpan.FromSeconds(45);

    /// <param name="name">Without its stack's.</param>
    /// <exception cref="HttpRequestException">It is not there, or the engine does not answer; says why.</exception>
    public async Task<EngineService> ServiceAsync(string name, CancellationToken cancel)
    {
        var filters = Uri.EscapeDataString($$"""{"label":["{{FarmLabel}}={{options.Value.Swarm}}"]}""");
        var services = await GetAsync($"services?filters={filters}", SwarmJson.Default.IReadOnlyListDockerService, cancel);
        return services.FirstOrDefault(service => service.Spec.Name.EndsWith($"_{name}", StringComparison.Ordinal)) is { } found
            ? Service(found, await RunningAsync(found.ID, cancel))
            : throw new HttpRequestException($"the swarm has no service {name} of farm {options.Value.Swarm}");
    }

    /// <summary>The swarm's own count has those of lost nodes in it.</summary>
    private async Task<int> RunningAsync(string service, CancellationToken cancel)
    {
        var filters = Uri.EscapeDataString($$"""{"service":["{{service}}"],"desired-state":["running"]}""");
        return (await GetAsync($"tasks?filters={filters}", SwarmJson.Default.IReadOnlyListDockerTask, cancel)).Count(task =>
            task.Status.State == "running"
        );
    }

    /// <exception cref="HttpRequestException">The engine does not answer; says why.</exception>
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

    /// <exception cref="HttpRequestException">The engine refused, or does not answer; says why.</exception>
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
                        $"{order}: the engine answered {(int)response.StatusCode}: {(await response.Content.ReadAsStringAsync(limit)).Trim()}"
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

    /// <summary>As the stacks have them: <c>node.labels.NAME == true</c>.</summary>
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

/// <param name="Name">With its stack's before it.</param>
/// <param name="Running">Containers that are healthy.</param>
/// <param name="MaxPerNode">0: no limit.</param>
/// <param name="NodeLabels">Those that a node must have to run it.</param>
/// <param name="IsUpdating">Its containers are being replaced, or put back.</param>
internal sealed record EngineService(
    string Name,
    int Replicas,
    int Running,
    int MaxPerNode,
    IReadOnlyList<string> NodeLabels,
    bool IsUpdating
);

/// <param name="Labels">Those that are <c>true</c>.</param>
internal sealed record EngineNode(bool IsUsable, IReadOnlySet<string> Labels);
