namespace WpFarm.Scaling;

/// <summary>What a decision hands to the next one of the same tier. Begins as <see cref="Initial"/>; may be kept as JSON.</summary>
public sealed record ScalingState
{
    public static ScalingState Initial { get; } = new();

    /// <summary>When the last decision was; null before the first, and after a time in which nothing could be decided.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>What the last decision wanted. When something else is seen now, somebody else has changed it.</summary>
    public int? Wanted { get; init; }

    /// <summary>What was needed at each decision, back to <see cref="TierPolicy.DownAfter"/>.</summary>
    public IReadOnlyList<Need> Needs { get; init; } = [];

    /// <summary>The last changes, back to the longer <see cref="ScalingRate.Within"/>.</summary>
    public IReadOnlyList<Scaling> Scalings { get; init; } = [];

    /// <summary>Since when each signal has been above its threshold without a break.</summary>
    public IReadOnlyDictionary<Signal, DateTimeOffset> AboveSince { get; init; } = new Dictionary<Signal, DateTimeOffset>();

    /// <summary>The last climb for the sake of each signal, while it is not known, or known, whether it helped.</summary>
    public IReadOnlyDictionary<Signal, Climb> Climbs { get; init; } = new Dictionary<Signal, Climb>();
}

public sealed record Need(DateTimeOffset At, int Replicas);

public sealed record Scaling(DateTimeOffset At, int From, int To);

/// <summary>A climb whose use is in doubt, because the containers were not short of CPU.</summary>
/// <param name="From">Ready containers before it.</param>
/// <param name="To">Containers that it asked for.</param>
/// <param name="Level">The signal before it; of the queue and of busy workers, the sum over the containers.</param>
/// <param name="Work">CPU that the ready containers used together before it, in percent of one.</param>
/// <param name="ReadySince">When all it asked for were ready.</param>
/// <param name="Useless">It changed nothing: the bottleneck is elsewhere.</param>
public sealed record Climb(int From, int To, double Level, double Work, DateTimeOffset? ReadySince, bool Useless);
