using System.ComponentModel.DataAnnotations;

namespace WpFarm.Contracts.Settings;

/// <summary>Section <c>Backups:Uploads</c>: how the Orchestrator reaches the agent that backs up the uploads.</summary>
public sealed record UploadsSettings
{
    /// <summary>The agent's address: <c>http://uploads-backup:9301</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>The path of the file with the key that signs the orders to the agent.</summary>
    public required string KeyFile { get; init; }

    /// <summary>The agent's name, which is part of each order's proof: <see cref="UploadsAgentSettings.Name"/>.</summary>
    [Required]
    public string Name { get; init; } = "uploads-backup";

    /// <summary>Time limit for the agent's answer to a question, such as the progress of an order. 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
