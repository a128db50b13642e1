using System.ComponentModel.DataAnnotations;

namespace WpFarm.Orchestrator.Sites;

/// <summary>Section <c>Cron</c>.</summary>
internal sealed class SiteCronOptions
{
    /// <summary>The balancer's inner frontend, past the page cache.</summary>
    [Required]
    public Uri? Balancer { get; set; }

    /// <summary>How often each site's cron runs: how late a scheduled post may be. 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Sites whose cron may run at the same time; each takes a PHP worker from visitors.</summary>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 4;
}
