using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Cronos;

namespace WpFarm.Backups.Schedules;

/// <summary>When something is done again and again.</summary>
public sealed class CronSchedule
{
    private readonly CronExpression _cron;
    private readonly TimeZoneInfo _zone;
    private readonly TimeSpan _delay;

    private CronSchedule(CronExpression cron, TimeZoneInfo zone, TimeSpan delay) => (_cron, _zone, _delay) = (cron, zone, delay);

    /// <param name="cron">Five fields: minute, hour, day, month, day of the week. Or <c>@daily</c> and the like.</param>
    /// <param name="timeZone">IANA name. Where clocks are changed, what would be in the hour that is left out is done after it, and what is in the hour that is there twice is done once.</param>
    /// <param name="jitter">Each run is later by a time below this, always the same for one <paramref name="farm"/>: farms that share a store do not all begin at once.</param>
    /// <param name="farm">The farm's name.</param>
    /// <param name="key">The key that these options are under, for example <c>backups.full</c>.</param>
    /// <param name="problems">Gets all that is wrong, each with its key and the fix.</param>
    /// <returns>Null: there are problems.</returns>
    public static CronSchedule? Parse(string cron, string timeZone, TimeSpan jitter, string farm, string key, ICollection<string> problems)
    {
        var before = problems.Count;
        if (!CronExpression.TryParse(cron, CronFormat.Standard, out var expression))
            problems.Add(
                $"{key}.cron: '{cron}' is not a cron expression: minute, hour, day of the month, month, day of the week. Example: 0 3 * * * is 03:00 each day."
            );
        else if (expression.GetNextOccurrence(DateTime.UnixEpoch) is null)
            problems.Add($"{key}.cron: '{cron}' is never: there is no such day.");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone))
            problems.Add($"{key}.timeZone: '{timeZone}' is not a time zone. Example: Europe/Berlin.");
        if (jitter < TimeSpan.Zero || jitter > TimeSpan.FromDays(1))
            problems.Add($"{key}.jitter: must be 0 seconds to one day, not {jitter}.");
        return expression is null || zone is null || problems.Count > before
            ? null
            : new CronSchedule(expression, zone, DelayOf(farm, jitter));
    }

    /// <summary>When to do it next. What was missed, be it once or often, is done once, now.</summary>
    /// <param name="last">When it was last begun; null: never, so it is due.</param>
    /// <returns>Not before <paramref name="now"/>.</returns>
    public DateTimeOffset NextRun(DateTimeOffset? last, DateTimeOffset now)
    {
        if (last is null)
            return now;
        // A last run in the future was noted by a clock that was wrong. Waiting for it could take years.
        var from = last.Value < now ? last.Value : now;
        var next = _cron.GetNextOccurrence(from - _delay, _zone) is { } occurrence ? occurrence + _delay : DateTimeOffset.MaxValue;
        return next > now ? next : now;
    }

    private static TimeSpan DelayOf(string farm, TimeSpan jitter)
    {
        var share = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(farm))) / (uint.MaxValue + 1.0);
        return TimeSpan.FromSeconds(Math.Floor(jitter.TotalSeconds * share));
    }
}
