namespace WpFarm.Contracts.Settings;

/// <summary>The number of backups to keep: the last one of each of the latest hours, days, weeks and months that have a backup.</summary>
public sealed record RetentionPolicy
{
    /// <summary>Length of the period before now in which every moment can be restored. 0 s to 10 years.</summary>
    public required TimeSpan PointInTime { get; init; }

    /// <summary>Number of hours. 0 to 10,000, like all of these counts.</summary>
    public required int Hourly { get; init; }

    public required int Daily { get; init; }

    /// <summary>Number of weeks. A week begins on Monday.</summary>
    public required int Weekly { get; init; }

    public required int Monthly { get; init; }

    /// <summary>IANA name of the time zone in which days begin at midnight.</summary>
    public required string TimeZone { get; init; }
}
