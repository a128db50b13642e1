using System.Globalization;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Scaling.Simulation;

/// <summary>
/// Reads recorded traffic:
/// <code>
/// seconds,pages,databaseMs
/// 0,12.5,20
/// 15,13.1,22
/// </code>
/// A line applies until the next one. <c>databaseMs</c> is optional.
/// </summary>
public static class RecordedTraffic
{
    private const int LongestDays = 31,
        ShortestSeconds = 60;

    /// <returns>The traffic, or every problem with its line. The last line applies as long as the one before it.</returns>
    public static (Traffic? Traffic, IReadOnlyList<FarmFileProblem> Problems) Read(string name, string text)
    {
        var problems = new List<FarmFileProblem>();
        var points = new List<(int Second, TrafficSecond Value)>();
        foreach (var (index, line) in text.Split('\n').Index())
        {
            if (line.Trim() is not { Length: > 0 } row || index == 0 && char.IsAsciiLetter(row[0]))
                continue;
            var fields = row.Split(',')
                .Select(field =>
                    double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                    && double.IsFinite(value)
                    && value >= 0
                        ? value
                        : double.NaN
                )
                .ToArray();
            if (fields.Length is < 2 or > 3 || fields.Any(double.IsNaN))
                problems.Add(
                    new(
                        $"line {index + 1}",
                        $"'{row}' is invalid. Write seconds,pages or seconds,pages,databaseMs, as numbers of 0 or more."
                    )
                );
            else if (fields[0] > LongestDays * 86_400 || points.Count > 0 && fields[0] <= points[^1].Second)
                problems.Add(
                    new($"line {index + 1}", $"second {row.Split(',')[0]} must be after the line before, and within {LongestDays} days.")
                );
            else
                points.Add(((int)fields[0], new(fields[1], fields.Length == 3 ? fields[2] : Traffic.UsualDatabaseMs)));
        }

        if (problems.Count == 0 && points.Count < 2)
            problems.Add(new("", "has fewer than two lines of traffic. Add lines with the columns seconds,pages,databaseMs."));
        if (problems.Count > 0)
            return (null, problems);
        var seconds = Hold(points);
        return seconds.Count >= ShortestSeconds
            ? (new Traffic(name, $"recorded in {name}", seconds), [])
            : (null, [new("", $"has {seconds.Count} s of traffic. Record at least {ShortestSeconds} s.")]);
    }

    private static List<TrafficSecond> Hold(List<(int Second, TrafficSecond Value)> points)
    {
        points.Add(((2 * points[^1].Second) - points[^2].Second, default));
        return
        [
            .. points.Zip(points.Skip(1)).SelectMany(pair => Enumerable.Repeat(pair.First.Value, pair.Second.Second - pair.First.Second)),
        ];
    }
}
