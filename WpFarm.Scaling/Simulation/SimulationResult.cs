namespace WpFarm.Scaling.Simulation;

/// <summary>The result of simulated traffic with one autoscaler.</summary>
public sealed record SimulationResult
{
    /// <summary>The latency objective of the design: 500 ms.</summary>
    public const double ObjectiveMs = 500;

    /// <summary>A change that is reversed within this time counts as a reversal.</summary>
    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(10);

    public required string Traffic { get; init; }

    public required string Scaler { get; init; }

    /// <summary>Cost, in container hours.</summary>
    public required double ReplicaHours { get; init; }

    public required int MostReplicas { get; init; }

    /// <summary>Time with a latency above <see cref="ObjectiveMs"/>.</summary>
    public required TimeSpan Slow { get; init; }

    public required double Pages { get; init; }

    /// <summary>Pages requested while the balancer had a queue.</summary>
    public required double Queued { get; init; }

    /// <summary>Pages that the balancer rejected after waiting too long.</summary>
    public required double Lost { get; init; }

    /// <summary>Changes that reversed the previous one within 10 minutes.</summary>
    public required int Reversals { get; init; }

    /// <summary>Time with an alert.</summary>
    public required TimeSpan Alerted { get; init; }

    public required IReadOnlyList<SimulatedScaling> Scalings { get; init; }

    /// <summary>Every 15 s.</summary>
    public required IReadOnlyList<SimulatedMoment> Moments { get; init; }

    internal static SimulationResult Of(
        Traffic traffic,
        ScalerOfPool scaler,
        List<PoolSecond> seconds,
        List<SimulatedMoment> moments,
        List<SimulatedScaling> scalings
    )
    {
        var step = moments.Count > 1 ? moments[1].At - moments[0].At : TimeSpan.Zero;
        return new()
        {
            Traffic = traffic.Name,
            Scaler = scaler.Name,
            ReplicaHours = moments.Sum(moment => moment.Replicas) * step.TotalHours,
            MostReplicas = moments.Max(moment => moment.Replicas),
            Slow = TimeSpan.FromSeconds(seconds.Count(second => second.Latency > ObjectiveMs)),
            Pages = traffic.Seconds.Sum(second => second.Pages),
            Queued = traffic.Seconds.Zip(seconds).Where(pair => pair.Second.Queue >= 1).Sum(pair => pair.First.Pages),
            Lost = seconds.Sum(second => second.Lost),
            Reversals = scalings
                .Zip(scalings.Skip(1))
                .Count(pair =>
                    Math.Sign(pair.First.To - pair.First.From) != Math.Sign(pair.Second.To - pair.Second.From)
                    && pair.Second.At - pair.First.At < s_soon
                ),
            Alerted = moments.Count(moment => moment.Alert is not ScalingAlert.None) * step,
            Scalings = scalings,
            Moments = moments,
        };
    }
}

/// <param name="At">Since the traffic began.</param>
public sealed record SimulatedScaling(TimeSpan At, int From, int To, string Reason);

/// <param name="At">Since the traffic began.</param>
/// <param name="Pages">Pages requested in this second.</param>
/// <param name="Latency">Milliseconds.</param>
/// <param name="Queue">Requests waiting in the balancer.</param>
public sealed record SimulatedMoment(TimeSpan At, double Pages, int Replicas, double Latency, double Queue, ScalingAlert Alert);
