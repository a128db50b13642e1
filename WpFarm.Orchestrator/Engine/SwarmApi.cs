using System.Text.Json.Serialization;

namespace WpFarm.Orchestrator.Engine;

/// <summary>An entry of <c>GET /services</c>: the fields that are used.</summary>
internal sealed record DockerService(string ID, DockerServiceSpec Spec, DockerUpdateStatus? UpdateStatus);

internal sealed record DockerServiceSpec(string Name, DockerServiceMode Mode, DockerTaskTemplate TaskTemplate);

/// <param name="Replicated">Null for a service with one container on every node.</param>
internal sealed record DockerServiceMode(DockerReplicated? Replicated);

internal sealed record DockerReplicated(int Replicas);

internal sealed record DockerTaskTemplate(DockerPlacement? Placement);

internal sealed record DockerPlacement(IReadOnlyList<string>? Constraints, int MaxReplicas);

/// <param name="State"><c>updating</c>, <c>completed</c>, <c>paused</c>, <c>rollback_started</c>, ….</param>
internal sealed record DockerUpdateStatus(string? State);

/// <summary>An entry of <c>GET /tasks</c>: the fields that are used.</summary>
internal sealed record DockerTask(DockerTaskStatus Status);

/// <param name="State"><c>running</c> once it is healthy; before that <c>starting</c>, <c>preparing</c>, <c>pending</c>, ….</param>
internal sealed record DockerTaskStatus(string State);

/// <summary>An entry of <c>GET /nodes</c>: the fields that are used.</summary>
internal sealed record DockerNode(DockerNodeSpec Spec, DockerNodeStatus Status);

internal sealed record DockerNodeSpec(string Availability, IReadOnlyDictionary<string, string>? Labels);

internal sealed record DockerNodeStatus(string State);

[JsonSerializable(typeof(IReadOnlyList<DockerService>))]
[JsonSerializable(typeof(IReadOnlyList<DockerTask>))]
[JsonSerializable(typeof(IReadOnlyList<DockerNode>))]
internal sealed partial class SwarmJson : JsonSerializerContext;
