namespace WpFarm.Scaling.Simulation;

/// <summary>What a tier's pool is asked for, second by second.</summary>
/// <param name="Name">For tables.</param>
/// <param name="Description">What it is, in a sentence.</param>
public sealed record Traffic(string Name, string Description, IReadOnlyList<TrafficSecond> Seconds)
{
    /// <summary>Milliseconds that a page waits for the database and the object cache, while they are well: 10 ms of CPU (measured), and as much on the way.</summary>
    public const double UsualDatabaseMs = 20;
}

/// <param name="Pages">Pages from PHP that visitors ask for in this second, on average: they come at random (a Poisson process).</param>
/// <param name="DatabaseMs">Milliseconds that each waits for the database and the object cache.</param>
public readonly record struct TrafficSecond(double Pages, double DatabaseMs);
