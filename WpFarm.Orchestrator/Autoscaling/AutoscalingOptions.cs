using System.ComponentModel.DataAnnotations;

namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>Section <c>Autoscaling</c>. What is decided by is in farm.json.</summary>
internal sealed class AutoscalingOptions
{
    /// <summary>Who knows the signals. Null: nothing follows its load, so nobody asks.</summary>
    public Uri? Prometheus { get; set; }

    /// <summary>When Prometheus has not answered after this, nothing is known. 100 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time from one decision to the next: Prometheus looks as often, and so does Kubernetes' HPA. 1 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);
}
