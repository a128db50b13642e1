namespace WpFarm.Scaling;

/// <summary>How much may change within a time: a part of what there was at its beginning, or a number of containers, whichever is more.</summary>
public sealed record ScalingRate(double Factor, int Containers, TimeSpan Within)
{
    /// <summary>The most that there may be now.</summary>
    internal int Highest(int replicas, IEnumerable<Scaling> scalings, DateTimeOffset now)
    {
        var before = AtTheBeginning(replicas, scalings, now);
        return Math.Max(replicas, before + Step(before));
    }

    /// <summary>The fewest that there may be now.</summary>
    internal int Lowest(int replicas, IEnumerable<Scaling> scalings, DateTimeOffset now)
    {
        var before = AtTheBeginning(replicas, scalings, now);
        return Math.Min(replicas, before - Step(before));
    }

    private int Step(int before) => Math.Max((int)(before * Factor), Containers);

    private int AtTheBeginning(int replicas, IEnumerable<Scaling> scalings, DateTimeOffset now) =>
        replicas - scalings.Where(scaling => scaling.At > now - Within).Sum(scaling => scaling.To - scaling.From);
}
