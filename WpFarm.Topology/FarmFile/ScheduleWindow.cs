using System.Diagnostics.CodeAnalysis;
using Cronos;

namespace WpFarm.Topology.FarmFile;

/// <summary>The times at which a schedule applies: from each occurrence of its cron expression, for its hours, in its time zone.</summary>
public sealed class ScheduleWindow
{
    /// <summary>
    /// The span in which overlaps are searched. Schedules repeat within a year, and the span has both changes of daylight saving time.
    /// </summary>
    private static readonly (DateTimeOffset From, DateTimeOffset To) s_span = (
        new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero),
        new(2028, 3, 1, 0, 0, 0, TimeSpan.Zero)
    );

    /// <summary>The largest change of a clock for daylight saving time.</summary>
    private static readonly TimeSpan s_longestChange = TimeSpan.FromHours(2);

    private readonly CronExpression _start;
    private readonly TimeSpan _length;
    private readonly TimeZoneInfo _zone;

    private ScheduleWindow(CronExpression start, TimeSpan length, TimeZoneInfo zone) => (_start, _length, _zone) = (start, length, zone);

    /// <exception cref="FormatException">The options are invalid; the rules of farm.json reject them.</exception>
    public static ScheduleWindow Of(ScheduleOptions options) =>
        TryCreate(options, [], "", out var window)
            ? window
            : throw new FormatException($"'{options.Start}' in '{options.TimeZone}' is not a schedule.");

    /// <param name="path">Key of the schedule, for the messages.</param>
    internal static bool TryCreate(
        ScheduleOptions options,
        List<FarmFileProblem> problems,
        string path,
        [NotNullWhen(true)] out ScheduleWindow? window
    )
    {
        window = null;
        var cron = CronExpression.TryParse(options.Start, out var start);
        if (!cron)
            problems.Add(
                new(
                    $"{path}.start",
                    $"'{options.Start}' is not a cron expression of five fields: minute, hour, day, month, weekday. "
                        + "Example: \"0 22 * * 1-5\"."
                )
            );
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out var zone))
            problems.Add(
                new($"{path}.timeZone", $"'{options.TimeZone}' is not a time zone of this machine. Examples: \"UTC\", \"Europe/Berlin\".")
            );
        if (!cron || zone is null)
            return false;
        window = new ScheduleWindow(start!, TimeSpan.FromHours(options.Hours), zone);
        return true;
    }

    public bool Holds(DateTimeOffset now) =>
        _start
            .GetOccurrences(now - _length - s_longestChange, now, _zone, fromInclusive: false, toInclusive: true)
            .Any(start => now < End(start));

    /// <summary>A moment at which both apply. Null if there is none.</summary>
    internal DateTimeOffset? Overlap(ScheduleWindow other) =>
        Starts().Cast<DateTimeOffset?>().FirstOrDefault(start => other.Holds(start!.Value))
        ?? other.Starts().Cast<DateTimeOffset?>().FirstOrDefault(start => Holds(start!.Value));

    /// <summary>A moment at which the schedule starts again before it has ended. Null if there is none.</summary>
    internal DateTimeOffset? OverlapWithItself() =>
        Starts()
            .Zip(Starts().Skip(1))
            .Where(pair => pair.Second < End(pair.First))
            .Select(pair => (DateTimeOffset?)pair.Second)
            .FirstOrDefault();

    /// <summary>In local time: a schedule from 20:00 to 8:00 ends at 8:00 also in the night of a clock change.</summary>
    private DateTimeOffset End(DateTimeOffset start)
    {
        var end = TimeZoneInfo.ConvertTime(start, _zone).DateTime + _length;
        return new DateTimeOffset(end, _zone.GetUtcOffset(end));
    }

    private IEnumerable<DateTimeOffset> Starts() => _start.GetOccurrences(s_span.From, s_span.To, _zone);
}
