using WpFarm.Topology.Planning;

namespace WpFarm.Scaling.Simulation;

/// <summary>Days of synthetic traffic. The same sites and seed make the same day.</summary>
public static class NamedTraffic
{
    private const int Day = 86_400;

    private static readonly (string Name, string Description, Func<double, Shape> At)[] s_all =
    [
        ("calm-day", "readers at all hours, a little more by day", hour => new(Calm(hour))),
        ("business-day", "a quiet night, one peak before noon, one after", hour => new(Business(hour))),
        ("flash-crowd", "eleven times the readers within a minute at 14:00, for 40 minutes", hour => new(Calm(hour) + Flash(hour))),
        ("slow-database", "a calm day on which the database becomes slower from 8:00 to 20:00: 20 ms a page, then 900", hour =>
            new(Calm(hour), hour is >= 8 and < 20 ? 20 + (880 * (hour - 8) / 12) : 20)
        ),
        ("cron-storm", "a calm day; at each full hour the sites' cron raises the load sixfold for two minutes", hour =>
            new(Calm(hour) + (hour % 1 < 2 / 60.0 ? 6 : 0))
        ),
        ("sawtooth", "rises to eight times as much within 40 minutes and falls at once, all day", hour => new(1 + (7 * (hour * 1.5 % 1)))),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. s_all.Select(traffic => traffic.Name)];

    /// <param name="sites">1 and up; each has the page views of <see cref="Workload"/>.</param>
    /// <param name="seed">Seed of the noise.</param>
    /// <returns>Null if the name is unknown.</returns>
    public static Traffic? Find(string name, int sites, int seed)
    {
        var found = Array.Find(s_all, traffic => traffic.Name == name);
        return found.At is null
            ? null
            : new Traffic(found.Name, found.Description, [.. Seconds(found.At, AveragePages(sites), new Random(seed))]);
    }

    private static double AveragePages(int sites)
    {
        var workload = new Workload(sites, "");
        return sites * (double)workload.ViewsPerDay / Day * (1 - workload.HitRatio);
    }

    /// <summary>The shape of the day, with noise of 8 % that lasts for a minute or so: a first-order autoregressive process.</summary>
    private static IEnumerable<TrafficSecond> Seconds(Func<double, Shape> at, double average, Random random)
    {
        const double Keeps = 0.98,
            Deviation = 0.08;
        var noise = 0.0;
        for (var second = 0; second < Day; second++)
        {
            noise = (Keeps * noise) + (Math.Sqrt(1 - (Keeps * Keeps)) * Deviation * Normal(random));
            var shape = at(second / 3600.0);
            yield return new(average * shape.Load * Math.Exp(noise), shape.DatabaseMs);
        }
    }

    private static double Calm(double hour) => 0.9 - (0.5 * Math.Cos((hour - 3) / 24 * 2 * Math.PI));

    private static double Business(double hour) => 0.25 + (3.6 * Bell(hour, 10.5, 1.5)) + (3.2 * Bell(hour, 15.5, 2));

    private static double Flash(double hour) =>
        hour < 14 ? 0 : 10 * Math.Min(1, (hour - 14) * 60) * (hour < 14.67 ? 1 : Math.Exp((14.67 - hour) * 4));

    private static double Bell(double hour, double middle, double width) => Math.Exp(-Math.Pow((hour - middle) / width, 2) / 2);

    /// <summary>Box and Muller's transform.</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private readonly record struct Shape(double Load, double DatabaseMs = Traffic.UsualDatabaseMs);
}
