namespace WpFarm.Scaling.Simulation;

/// <summary>The load of a tier's pool, second by second.</summary>
/// <param name="Name">Name in tables.</param>
/// <param name="Description">One sentence about it.</param>
public sealed record Traffic(string Name, string Description, IReadOnlyList<TrafficSecond> Seconds)
{
    /// <summary>
    /// Usual milliseconds that a page waits for the database and the object cache: 10 ms of CPU (measured), and as much for the network.
    /// </summary>
    public const double UsualDatabaseMs = 20;
}

/// <param name="Pages">Expected pages from PHP in this second. Arrivals are a Poisson process.</param>
/// <param name="DatabaseMs">Milliseconds that each page waits for the database and the object cache.</param>
public readonly record struct TrafficSecond(double Pages, double DatabaseMs);
