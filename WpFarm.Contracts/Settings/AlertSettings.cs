using System.ComponentModel.DataAnnotations;

namespace WpFarm.Contracts.Settings;

/// <summary>Section <c>Alerts</c>. The receivers are in farm.json.</summary>
public sealed record AlertSettings
{
    /// <summary>Where alerts are grouped and sent from: <c>http://alertmanager:9093</c>.</summary>
    public required Uri Alertmanager { get; init; }

    /// <summary>Alertmanager does not answer when it has not within this time. 100 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a test notification may take until its receiver's server has accepted it. 1 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan TestLimit { get; init; } = TimeSpan.FromSeconds(15);
}
