namespace WpFarm.Scaling;

/// <summary>
/// Limits the change within a time: to a factor of the number at its beginning, or to a number of containers, whichever is more.
/// </summary>
public sealed record ScalingRate(double Factor, int Containers, TimeSpan Within)
{
    /// <summary>The highest number allowed now.</summary>
    internal int Highest(int replicas, IEnumerable<Scaling> scalings, DateTimeOffset now)
    {
        var before = AtTheBeginning(replicas, scalings, now);
        return Math.Max(replicas, before + Step(before));
    }

    /// <summary>The lowest number allowed now.</summary>
    internal int Lowest(int replicas, IEnumerable<Scaling> scalings, DateTimeOffset now)
    {
        var before = AtTheBeginning(replicas, scalings, now);
        return Math.Min(replicas, before - Step(before));
    }

    private int Step(int before) => Math.Max((int)(before * Factor), Containers);

    private int AtTheBeginning(int replicas, IEnumerable<Scaling> scalings, DateTimeOffset now) =>
        replicas - scalings.Where(scaling => scaling.At > now - Within).Sum(scaling => scaling.To - scaling.From);
}
