using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Cronos;

namespace WpFarm.Backups.Schedules;

/// <summary>A recurring schedule, from a cron expression.</summary>
public sealed class CronSchedule
{
    private readonly CronExpression _cron;
    private readonly TimeZoneInfo _zone;
    private readonly TimeSpan _delay;

    private CronSchedule(CronExpression cron, TimeZoneInfo zone, TimeSpan delay) => (_cron, _zone, _delay) = (cron, zone, delay);

    /// <param name="cron">Five fields: minute, hour, day, month, day of the week. Or <c>@daily</c> and the like.</param>
    /// <param name="timeZone">
    /// IANA name. At a change of daylight saving time, a run in the skipped hour happens after it, and a run in the repeated hour happens
    /// once.
    /// </param>
    /// <param name="jitter">
    /// Delays each run by less than this, always by the same time for one <paramref name="farm"/>: farms that share a store start at
    /// different times.
    /// </param>
    /// <param name="farm">The farm's name.</param>
    /// <param name="key">Configuration key of these options, for example <c>backups.full</c>.</param>
    /// <param name="problems">Receives every problem, with its key and the fix.</param>
    /// <returns>Null if there are problems.</returns>
    public static CronSchedule? Parse(string cron, string timeZone, TimeSpan jitter, string farm, string key, ICollection<string> problems)
    {
        var before = problems.Count;
        if (!CronExpression.TryParse(cron, CronFormat.Standard, out var expression))
            problems.Add(
                $"{key}.cron: '{cron}' is not a cron expression: minute, hour, day of the month, month, day of the week. "
                    + "Example: 0 3 * * * is 03:00 each day."
            );
        else if (expression.GetNextOccurrence(DateTime.UnixEpoch) is null)
            problems.Add($"{key}.cron: '{cron}' never occurs: no month has that day. Correct the day or the month.");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone))
            problems.Add($"{key}.timeZone: '{timeZone}' is not a time zone. Example: Europe/Berlin.");
        if (jitter < TimeSpan.Zero || jitter > TimeSpan.FromDays(1))
            problems.Add($"{key}.jitter: must be 0 seconds to one day, not {jitter}.");
        return expression is null || zone is null || problems.Count > before
            ? null
            : new CronSchedule(expression, zone, DelayOf(farm, jitter));
    }

    /// <summary>Time of the next run. Missed runs are made up for by one run, now.</summary>
    /// <param name="last">Start of the last run. Null if it never ran; then it is due.</param>
    /// <returns>A time not before <paramref name="now"/>.</returns>
    public DateTimeOffset NextRun(DateTimeOffset? last, DateTimeOffset now)
    {
        if (last is null)
            return now;
        // A last run in the future comes from a wrong clock. Waiting for it could take years.
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
