using System.ComponentModel.DataAnnotations;

namespace WpFarm.Contracts.Settings;

/// <summary>Section <c>Engine</c>: the container engine that the farm runs on.</summary>
public sealed record EngineSettings
{
    /// <summary>Docker's HTTP API, reduced to what the Orchestrator needs: <c>http://engine-proxy:2375</c>.</summary>
    public required Uri Api { get; init; }

    /// <summary>
    /// The Compose project whose containers are this farm. Null: the farm is no Compose project, and its containers' state is unknown.
    /// </summary>
    public string? Project { get; init; }

    /// <summary>The farm whose swarm services are this farm's pools. Null: the farm runs on one engine.</summary>
    public string? Swarm { get; init; }

    /// <summary>The state of the engine counts as unknown when it has not answered within this time. 100 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);
}
