namespace WpFarm.Backups.Retention;

/// <summary>How many backups to keep: of each of so many hours, days, weeks and months that have any, the last one.</summary>
public sealed record RetentionPolicy
{
    /// <summary>Hours. 0 to 10,000, as all of these.</summary>
    public int Hourly { get; init; } = 24;

    public int Daily { get; init; } = 7;

    /// <summary>Weeks begin on Monday.</summary>
    public int Weekly { get; init; } = 4;

    public int Monthly { get; init; } = 6;

    /// <summary>Every moment of the last so long can be recovered. 0 s to 10 years.</summary>
    public TimeSpan PointInTime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>IANA name: where days begin at midnight.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <param name="key">The key that these options are under, for example <c>backups.keep</c>.</param>
    /// <returns>All that is wrong, each with its key and the fix. Empty: nothing is.</returns>
    public IEnumerable<string> Problems(string key)
    {
        foreach (var (name, count) in new[] { ("hourly", Hourly), ("daily", Daily), ("weekly", Weekly), ("monthly", Monthly) })
            if (count is < 0 or > 10_000)
                yield return $"{key}.{name}: must be 0 to 10000, not {count}.";
        if (PointInTime < TimeSpan.Zero || PointInTime > TimeSpan.FromDays(3660))
            yield return $"{key}.pointInTime: must be 0 seconds to ten years, not {PointInTime}.";
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
            yield return $"{key}.timeZone: '{TimeZone}' is not a time zone. Example: Europe/Berlin.";
    }
}
