namespace WpFarm.Scaling;

/// <summary>State that one decision passes to the next of the same tier. Starts as <see cref="Initial"/>. Serializable as JSON.</summary>
public sealed record ScalingState
{
    public static ScalingState Initial { get; } = new();

    /// <summary>Time of the last decision. Null before the first, and after a hold.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Number of the last decision. If the observed number differs, a person or a deployment has changed it.</summary>
    public int? Wanted { get; init; }

    /// <summary>The recommendation of each decision within <see cref="TierPolicy.DownAfter"/>.</summary>
    public IReadOnlyList<PastRecommendation> Recommendations { get; init; } = [];

    /// <summary>The changes within the longer <see cref="ScalingRate.Within"/>.</summary>
    public IReadOnlyList<Scaling> Scalings { get; init; } = [];

    /// <summary>For each signal above its threshold, since when without a break.</summary>
    public IReadOnlyDictionary<Signal, DateTimeOffset> AboveSince { get; init; } = new Dictionary<Signal, DateTimeOffset>();

    /// <summary>For each signal, the last scale-up that was a trial.</summary>
    public IReadOnlyDictionary<Signal, ScaleUpTrial> Trials { get; init; } = new Dictionary<Signal, ScaleUpTrial>();
}

/// <summary>The combined recommendation of one decision.</summary>
public sealed record PastRecommendation(DateTimeOffset At, int Replicas);

/// <summary>One change of the number of containers.</summary>
public sealed record Scaling(DateTimeOffset At, int From, int To);

/// <summary>A scale-up as a trial, because CPU was below its threshold: it may not help.</summary>
/// <param name="From">Ready containers before the scale-up.</param>
/// <param name="To">Containers after the scale-up.</param>
/// <param name="Level">The signal before the scale-up; for the queue and for busy workers, the sum over all containers.</param>
/// <param name="Work">Total CPU of the ready containers before the scale-up, in percent of one container's limit.</param>
/// <param name="ReadySince">When all its containers were ready.</param>
/// <param name="Useless">True when it improved nothing: the bottleneck is elsewhere.</param>
public sealed record ScaleUpTrial(int From, int To, double Level, double Work, DateTimeOffset? ReadySince, bool Useless);
