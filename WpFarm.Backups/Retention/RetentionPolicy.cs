namespace WpFarm.Backups.Retention;

/// <summary>How many hours, days, weeks and months keep their last backup. Periods without a backup do not count.</summary>
public sealed record RetentionPolicy
{
    /// <summary>Number of hours. This and the following counts are 0 to 10,000.</summary>
    public int Hourly { get; init; } = 24;

    public int Daily { get; init; } = 7;

    /// <summary>Weeks begin on Monday.</summary>
    public int Weekly { get; init; } = 4;

    public int Monthly { get; init; } = 6;

    /// <summary>Every moment within this time can be recovered. 0 s to 10 years.</summary>
    public TimeSpan PointInTime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>IANA name of the time zone in which days begin.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <param name="key">Configuration key of these options, for example <c>backups.keep</c>.</param>
    /// <returns>Every problem, with its key and the fix. Empty if the policy is valid.</returns>
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
