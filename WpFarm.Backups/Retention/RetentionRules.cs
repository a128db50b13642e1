using WpFarm.Contracts.Settings;

namespace WpFarm.Backups.Retention;

public static class RetentionRules
{
    /// <param name="key">The key that these settings are under, for example <c>backups.keep</c>.</param>
    /// <returns>Every problem, with its key and the fix. Empty if the policy is valid.</returns>
    public static IEnumerable<string> Problems(this RetentionPolicy keep, string key)
    {
        foreach (
            var (name, count) in new[]
            {
                ("hourly", keep.Hourly),
                ("daily", keep.Daily),
                ("weekly", keep.Weekly),
                ("monthly", keep.Monthly),
            }
        )
            if (count is < 0 or > 10_000)
                yield return $"{key}.{name}: must be 0 to 10000, not {count}.";
        if (keep.PointInTime < TimeSpan.Zero || keep.PointInTime > TimeSpan.FromDays(3660))
            yield return $"{key}.pointInTime: must be 0 seconds to ten years, not {keep.PointInTime}.";
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(keep.TimeZone, out _))
            yield return $"{key}.timeZone: '{keep.TimeZone}' is not a time zone. Example: Europe/Berlin.";
    }
}
