namespace WpFarm.Contracts.Settings;

/// <summary>How many backups to keep: of each of the last hours, days, weeks and months that have any, the last backup.</summary>
public sealed record RetentionPolicy
{
    /// <summary>Every moment of this last stretch of time can be recovered. 0 s to 10 years.</summary>
    public required TimeSpan PointInTime { get; init; }

    /// <summary>Hours. 0 to 10,000, as all of these counts.</summary>
    public required int Hourly { get; init; }

    public required int Daily { get; init; }

    /// <summary>Weeks begin on Monday.</summary>
    public required int Weekly { get; init; }

    public required int Monthly { get; init; }

    /// <summary>IANA name of the zone in which days begin at midnight.</summary>
    public required string TimeZone { get; init; }
}
