using System.Globalization;
using WpFarm.Backups.Schedules;

namespace WpFarm.Tests.Backups.Schedules;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("2026-11-24T03:00:10Z", "2026-11-24T12:00:00Z", "2026-11-25T03:00:00Z")] // The next run.
    [InlineData("2026-11-23T03:00:10Z", "2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z")] // One run was missed: run now.
    [InlineData("2026-11-01T03:00:10Z", "2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z")] // Several runs were missed: run once.
    [InlineData("2026-11-24T12:00:00Z", "2026-11-24T12:00:01Z", "2026-11-25T03:00:00Z")] // The missed run was caught up.
    [InlineData(null, "2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z")] // Never run before.
    [InlineData("2031-01-01T00:00:00Z", "2026-11-24T12:00:00Z", "2026-11-25T03:00:00Z")] // The clock was wrong at the last run.
    public void The_next_run_of_a_daily_schedule(string? last, string now, string next) =>
        Assert.Equal(Time(next), Daily("UTC").NextRun(last is null ? null : Time(last), Time(now)));

    [Theory]
    [InlineData("2026-07-01T12:00:00Z", "2026-07-02T01:00:00Z")]
    [InlineData("2026-12-01T12:00:00Z", "2026-12-02T02:00:00Z")]
    public void Hours_are_where_the_farm_is(string now, string next) =>
        Assert.Equal(Time(next), Daily("Europe/Berlin").NextRun(Time(now), Time(now)));

    [Fact]
    public void An_hour_that_clocks_leave_out_is_made_up_for_and_one_that_is_there_twice_counts_once()
    {
        var schedule = Parse("30 2 * * *", "Europe/Berlin");
        Assert.Equal(Time("2026-03-29T01:00:00Z"), schedule.NextRun(Time("2026-03-28T12:00:00Z"), Time("2026-03-28T12:00:00Z")));
        var first = schedule.NextRun(Time("2026-10-24T12:00:00Z"), Time("2026-10-24T12:00:00Z"));
        Assert.Equal(Time("2026-10-25T00:30:00Z"), first);
        Assert.Equal(Time("2026-10-26T01:30:00Z"), schedule.NextRun(first, first));
    }

    [Fact]
    public void Jitter_is_the_farms_own_and_loses_no_run()
    {
        var hour = TimeSpan.FromHours(1);
        var start = Time("2026-11-24T00:00:00Z");
        var delays = Enumerable
            .Range(0, 20)
            .Select(farm =>
                Parse("0 * * * *", "UTC", hour, $"farm{farm}").NextRun(start.AddHours(-2), start.AddHours(-2)) - start.AddHours(-2)
            )
            .ToList();
        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.Zero, hour));
        Assert.True(delays.Distinct().Count() > 15);

        var schedule = Parse("0 * * * *", "UTC", hour);
        var runs = new List<DateTimeOffset> { schedule.NextRun(start, start) };
        while (runs.Count < 24)
            runs.Add(schedule.NextRun(runs[^1], runs[^1]));
        Assert.All(runs.Zip(runs.Skip(1)), pair => Assert.Equal(hour, pair.Second - pair.First));
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var problems = new List<string>();
        Assert.Null(CronSchedule.Parse("daily", "Berlin", TimeSpan.FromDays(2), "farm", "backups.full", problems));
        Assert.Equal(
            ["backups.full.cron", "backups.full.timeZone", "backups.full.jitter"],
            problems.Select(problem => problem.Split(':')[0])
        );
    }

    [Fact]
    public void A_day_that_never_comes_is_refused()
    {
        var problems = new List<string>();
        Assert.Null(CronSchedule.Parse("0 0 30 2 *", "UTC", TimeSpan.Zero, "farm", "backups.full", problems));
        Assert.Equal(
            "backups.full.cron: '0 0 30 2 *' never occurs: no month has that day. Correct the day or the month.",
            Assert.Single(problems)
        );
    }

    private static CronSchedule Daily(string zone) => Parse("0 3 * * *", zone);

    private static CronSchedule Parse(string cron, string zone, TimeSpan jitter = default, string farm = "farm")
    {
        var problems = new List<string>();
        var schedule = CronSchedule.Parse(cron, zone, jitter, farm, "backups.full", problems);
        Assert.Empty(problems);
        return schedule!;
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
