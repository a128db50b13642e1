using System.ComponentModel.DataAnnotations;

namespace WpFarm.Contracts.Settings;

/// <summary>Section <c>Autoscaling</c>. The limits and targets of each tier are in farm.json.</summary>
public sealed record AutoscalingSettings
{
    /// <summary>Where the autoscaler reads the load: <c>http://prometheus:9090</c>. Null: nothing is scaled by load.</summary>
    public Uri? Prometheus { get; init; }

    /// <summary>The load counts as unknown when Prometheus has not answered within this time. 100 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Time from one decision to the next, the same as between Prometheus' scrapes and Kubernetes' HPA decisions. 1 s to 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);
}
