using System.Text.Json;
using WpFarm.Deployment.Machine;

namespace WpFarm.Deployment.Swarm;

/// <summary>
/// Accesses a swarm through the docker command, so that contexts, <c>DOCKER_HOST=ssh://…</c>, certificates and registry logins work
/// as the operator has set them up.
/// </summary>
/// <param name="context">Docker context; null for the one that the environment names.</param>
internal sealed class SwarmClient(string? context)
{
    /// <returns>Null when no engine answers.</returns>
    public async Task<EngineInfo?> InfoAsync(CancellationToken cancel) =>
        await Shell.TryReadAsync("docker", Arguments("info", "--format", "{{json .}}"), cancel) is { } text ? EngineInfo.Parse(text) : null;

    public Task<IReadOnlyList<NodeState>> NodesAsync(CancellationToken cancel) => InspectAsync("node", [], NodeState.Of, cancel);

    /// <summary>The farm's services in all its stacks.</summary>
    public Task<IReadOnlyList<SwarmService>> ServicesAsync(string project, CancellationToken cancel) =>
        InspectAsync("service", ["--filter", $"label={Compose.ComposeLabels.Farm}={project}"], SwarmService.Of, cancel);

    public Task<IReadOnlyList<string>> SecretsAsync(string project, CancellationToken cancel) => NamesAsync("secret", project, cancel);

    public Task<IReadOnlyList<string>> ConfigsAsync(string project, CancellationToken cancel) => NamesAsync("config", project, cancel);

    /// <summary>The tasks of the services, per slot the newest first.</summary>
    public async Task<IReadOnlyList<SwarmTask>> TasksAsync(IReadOnlyList<SwarmService> services, CancellationToken cancel) =>
        services.Count == 0
            ? []
            : Lines(await ReadAsync(["service", "ps", "--no-trunc", "--format", "{{json .}}", .. services.Select(s => s.Name)], cancel))
                .ConvertAll(SwarmTask.Parse);

    /// <summary>The last lines of a service's log.</summary>
    public async Task<string> LogsAsync(string service, CancellationToken cancel) =>
        (await Shell.TryReadAsync("docker", Arguments("service", "logs", "--raw", "--tail", "5", service), cancel))?.Trim() ?? "";

    public Task RunAsync(
        IReadOnlyList<string> arguments,
        CancellationToken cancel,
        string? folder = null,
        IReadOnlyDictionary<string, string?>? environment = null
    ) => Shell.RunAsync("docker", Arguments([.. arguments]), folder: folder, environment: environment, cancel: cancel);

    private async Task<IReadOnlyList<string>> NamesAsync(string kind, string project, CancellationToken cancel) =>
        Lines(await ReadAsync([kind, "ls", "--filter", $"label={Compose.ComposeLabels.Farm}={project}", "--format", "{{.Name}}"], cancel));

    private async Task<IReadOnlyList<T>> InspectAsync<T>(
        string kind,
        IReadOnlyList<string> filter,
        Func<JsonElement, T> parse,
        CancellationToken cancel
    )
    {
        var ids = Lines(await ReadAsync([kind, "ls", "--quiet", .. filter], cancel));
        if (ids.Count == 0)
            return [];
        using var document = JsonDocument.Parse(await ReadAsync([kind, "inspect", .. ids], cancel));
        return document.RootElement.EnumerateArray().Select(parse).ToList();
    }

    private async Task<string> ReadAsync(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var output = new List<string>();
        await Shell.RunAsync("docker", Arguments([.. arguments]), output.Add, cancel: cancel);
        return string.Join('\n', output);
    }

    private static List<string> Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private List<string> Arguments(params IReadOnlyList<string> arguments) =>
        [.. context is null ? Array.Empty<string>() : ["--context", context], .. arguments];
}
