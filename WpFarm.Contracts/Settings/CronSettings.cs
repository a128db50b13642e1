using System.ComponentModel.DataAnnotations;

namespace WpFarm.Contracts.Settings;

/// <summary>Section <c>Cron</c>: the sites' scheduled tasks.</summary>
public sealed record CronSettings
{
    /// <summary>The balancer's inner listener, which the page cache uses: <c>http://haproxy:8081</c>.</summary>
    public required Uri Balancer { get; init; }

    /// <summary>Interval of each site's cron, and so the longest delay of a scheduled post. 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Limit of sites whose cron runs at the same time. Each takes a PHP worker from visitors. 1 to 64.</summary>
    [Range(1, 64)]
    public int Concurrency { get; init; } = 4;
}
