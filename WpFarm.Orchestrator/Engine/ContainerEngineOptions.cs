using System.ComponentModel.DataAnnotations;

namespace WpFarm.Orchestrator.Engine;

/// <summary>Section <c>Engine</c>.</summary>
internal sealed class ContainerEngineOptions
{
    /// <summary>Docker's HTTP API, cut down to what is needed here.</summary>
    [Required]
    public Uri? Api { get; set; }

    /// <summary>The compose project whose containers are this farm. Default: that of the container this runs in.</summary>
    public string? Project { get; set; }

    /// <summary>The farm whose services, in a swarm, are this farm's pools. Null: it is on one engine.</summary>
    public string? Swarm { get; set; }

    /// <summary>After this the engine's state counts as unknown. 100 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);
}
