namespace WpFarm.Contracts.Settings;

/// <summary>Section <c>Farm</c>: the input from which the Orchestrator builds the farm's model.</summary>
public sealed record FarmSettings
{
    /// <summary>The path of the farm.json that this farm was built from.</summary>
    public required string File { get; init; }

    /// <summary>Upstream images (<c>traefik:v3.7.13</c>) that could not be pulled; their services do not run.</summary>
    public required IReadOnlyList<string> MissingImages { get; init; } = [];
}
