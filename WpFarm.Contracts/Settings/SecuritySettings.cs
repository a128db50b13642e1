using System.ComponentModel.DataAnnotations;

namespace WpFarm.Contracts.Settings;

/// <summary>Section <c>Security</c>: where the farm's decisions about addresses are.</summary>
public sealed record SecuritySettings
{
    /// <summary>CrowdSec's local API: <c>http://crowdsec:8080</c>.</summary>
    public required Uri CrowdSec { get; init; }

    /// <summary>File with the password of CrowdSec's machine <c>orchestrator</c>.</summary>
    public required string PasswordFile { get; init; }

    /// <summary>CrowdSec does not answer when it has not within this time. 100 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
