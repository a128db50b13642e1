using System.Text.Json;
using WpFarm.Deployment.Compose;
using WpFarm.Topology.Nodes;

namespace WpFarm.Deployment.Swarm;

// The part of a swarm's state that a deployment needs.
#pragma warning disable CA1507 // The engine's property names are not ours, even where they are equal.

/// <param name="IsManager">True when the engine is a manager of a swarm.</param>
internal sealed record EngineInfo(string Name, bool InSwarm, bool IsManager)
{
    /// <summary>Parses <c>docker info --format '{{json .}}'</c>.</summary>
    public static EngineInfo? Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (
            !root.TryGetProperty("Swarm", out var swarm)
            || !root.TryGetProperty("Name", out var name)
            || name.GetString() is not { Length: > 0 } host
        )
            return null; // The docker command prints JSON even when no engine answers.
        return new(host, swarm.GetProperty("LocalNodeState").GetString() == "active", swarm.GetProperty("ControlAvailable").GetBoolean());
    }
}

internal sealed record NodeState(string Name, bool Manager, bool Usable, IReadOnlyDictionary<string, string> Labels)
{
    public LabelledNode ToNode() => new(Name, Manager, Labels.Where(label => label.Value == "true").Select(label => label.Key).ToHashSet());

    public static NodeState Of(JsonElement node) =>
        new(
            node.GetProperty("Description").GetProperty("Hostname").GetString()!,
            node.GetProperty("Spec").GetProperty("Role").GetString() == "manager",
            node.GetProperty("Status").GetProperty("State").GetString() == "ready"
                && node.GetProperty("Spec").GetProperty("Availability").GetString() == "active",
            SwarmService.Strings(node.GetProperty("Spec"), "Labels")
        );
}

/// <param name="Name">Full name, with the stack's name as prefix.</param>
/// <param name="Digest">Hash of the definition that was deployed.</param>
/// <param name="Wanted">Wanted number of containers; null for one on every eligible node.</param>
/// <param name="Uses">Names of the secrets and configs that it mounts.</param>
internal sealed record SwarmService(string Name, string? Digest, int? Wanted, UpdateState? Update, IReadOnlyList<string> Uses)
{
    public static SwarmService Of(JsonElement service)
    {
        var spec = service.GetProperty("Spec");
        var container = spec.GetProperty("TaskTemplate").GetProperty("ContainerSpec");
        return new(
            spec.GetProperty("Name").GetString()!,
            Strings(spec, "Labels").GetValueOrDefault(ComposeLabels.Digest),
            spec.GetProperty("Mode").TryGetProperty("Replicated", out var replicated)
                ? replicated.GetProperty("Replicas").GetInt32()
                : null,
            service.TryGetProperty("UpdateStatus", out var update) ? UpdateState.Of(update) : null,
            [.. References(container, "Secrets", "SecretName"), .. References(container, "Configs", "ConfigName")]
        );
    }

    internal static Dictionary<string, string> Strings(JsonElement of, string property) =>
        of.TryGetProperty(property, out var map) && map.ValueKind is JsonValueKind.Object
            ? map.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString() ?? "")
            : [];

    private static List<string> References(JsonElement container, string list, string name) =>
        container.TryGetProperty(list, out var references) && references.ValueKind is JsonValueKind.Array
            ? references.EnumerateArray().Select(reference => reference.GetProperty(name).GetString()!).ToList()
            : [];
}

/// <param name="State">
/// The engine's name: <c>updating</c>, <c>completed</c>, <c>paused</c>, <c>rollback_started</c>, <c>rollback_completed</c>, …
/// </param>
internal sealed record UpdateState(string State, string StartedAt, string Message)
{
    public bool IsRunning => State is "updating" or "rollback_started";

    public bool IsRolledBack => State is "rollback_started" or "rollback_completed" or "rollback_paused";

    public bool IsPaused => State is "paused" or "rollback_paused";

    public static UpdateState? Of(JsonElement update) =>
        update.TryGetProperty("State", out var state)
            ? new(
                state.GetString()!,
                update.TryGetProperty("StartedAt", out var started) ? started.GetString() ?? "" : "",
                update.TryGetProperty("Message", out var message) ? message.GetString() ?? "" : ""
            )
            : null;
}

/// <param name="Service">Full name of its service.</param>
/// <param name="Wanted">The desired state: <c>Running</c>, <c>Shutdown</c>, <c>Ready</c>.</param>
/// <param name="State">The present state: <c>Running</c>, <c>Preparing</c>, <c>Failed</c>, <c>Complete</c>, …</param>
internal sealed record SwarmTask(string Service, string Wanted, string State, string Error, string Node)
{
    /// <summary>Parses a line of <c>docker service ps --format '{{json .}}'</c>.</summary>
    public static SwarmTask Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var name = Text("Name");
        return new(name[..name.LastIndexOf('.')], Text("DesiredState"), Text("CurrentState").Split(' ')[0], Text("Error"), Text("Node"));

        string Text(string property) => document.RootElement.GetProperty(property).GetString() ?? "";
    }
}
