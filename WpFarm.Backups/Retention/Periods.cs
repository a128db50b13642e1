using System.Globalization;
using WpFarm.Contracts.Settings;

namespace WpFarm.Backups.Retention;

/// <summary>Hours, days, weeks and months, where the farm is.</summary>
public static class Periods
{
    /// <summary>What the policy keeps of backups of one kind of which each stands for itself.</summary>
    /// <returns>Their ids, each with the reason in words. Of backups that there are the latest is always among them.</returns>
    public static IReadOnlyDictionary<string, string> Keep(
        IEnumerable<(string Id, DateTimeOffset Completed)> backups,
        RetentionPolicy policy
    )
    {
        var why = new Dictionary<string, string>();
        Keep(backups, policy, why);
        return why;
    }

    /// <summary>Adds what the policy keeps of backups of one kind, and always the latest.</summary>
    internal static void Keep(
        IEnumerable<(string Id, DateTimeOffset Completed)> backups,
        RetentionPolicy policy,
        Dictionary<string, string> why
    )
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(policy.TimeZone);
        var newestFirst = backups
            .OrderByDescending(backup => backup.Completed)
            .ThenByDescending(backup => backup.Id, StringComparer.Ordinal)
            .ToList();
        Keep("month", policy.Monthly, at => at.ToString("yyyy-MM", CultureInfo.InvariantCulture));
        Keep("week", policy.Weekly, at => $"{ISOWeek.GetYear(at.DateTime)}-W{ISOWeek.GetWeekOfYear(at.DateTime):00}");
        Keep("day", policy.Daily, at => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        // With the offset: when clocks are put back, an hour is there twice.
        Keep("hour", policy.Hourly, at => at.ToString("yyyy-MM-dd HH':00'zzz", CultureInfo.InvariantCulture));
        if (newestFirst.Count > 0)
            why.TryAdd(newestFirst[0].Id, "the latest of its kind");

        void Keep(string period, int count, Func<DateTimeOffset, string> nameOf)
        {
            foreach (var group in newestFirst.GroupBy(backup => nameOf(TimeZoneInfo.ConvertTime(backup.Completed, zone))).Take(count))
                why.TryAdd(group.First().Id, $"last of the {period} {group.Key}");
        }
    }
}
