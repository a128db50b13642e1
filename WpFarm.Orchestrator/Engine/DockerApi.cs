using System.Text.Json.Serialization;

namespace WpFarm.Orchestrator.Engine;

/// <summary>An entry of <c>GET /containers/json</c>: the fields that are used.</summary>
/// <param name="Names">Names of the container, each with a leading slash.</param>
internal sealed record DockerContainer(string Id, IReadOnlyList<string> Names, string Image, IReadOnlyDictionary<string, string> Labels);

/// <summary>The answer to <c>GET /containers/ID/json</c>: the fields that are used.</summary>
internal sealed record DockerContainerDetails(DockerContainerState State, int RestartCount);

/// <param name="Status">
/// <c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c> or <c>dead</c>.
/// </param>
internal sealed record DockerContainerState(string Status, int ExitCode, DockerHealth? Health);

/// <param name="Status"><c>starting</c>, <c>healthy</c> or <c>unhealthy</c>.</param>
internal sealed record DockerHealth(string Status);

[JsonSerializable(typeof(IReadOnlyList<DockerContainer>))]
[JsonSerializable(typeof(DockerContainerDetails))]
internal sealed partial class DockerJson : JsonSerializerContext;
