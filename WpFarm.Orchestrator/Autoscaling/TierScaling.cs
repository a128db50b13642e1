using WpFarm.Scaling;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>What was last seen of a tier, and decided about it.</summary>
/// <param name="Tier">Or another part of the farm, whose name has a space: <see cref="AdvisedPart"/>.</param>
/// <param name="Mode">Whether the number of its containers follows the load.</param>
/// <param name="Min">Containers at least, now: a schedule may say otherwise than the tier does.</param>
/// <param name="Max">Containers at most, now.</param>
internal sealed record TierScaling(string Tier, ScalingMode Mode, int Min, int Max)
{
    /// <summary>When this was; null: nothing was looked at yet.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Containers that are wanted; null: not known.</summary>
    public int? Replicas { get; init; }

    /// <summary>Containers that the last decision asks for; null: nothing was decided.</summary>
    public int? Wanted { get; init; }

    /// <summary>Those of them that are healthy.</summary>
    public int? Ready { get; init; }

    /// <summary>How many there could be; null: as many as are asked for, or not known.</summary>
    public int? Capacity { get; init; }

    /// <summary>In the unit of each. What is not known is not in it.</summary>
    public IReadOnlyDictionary<Signal, double> Signals { get; init; } = new Dictionary<Signal, double>();

    /// <summary>The last decision, in words.</summary>
    public string? Reason { get; init; }

    public ScalingAlert Alert { get; init; }

    /// <summary>What kept it from being looked at, decided or done.</summary>
    public string? Trouble { get; init; }

    /// <summary>Before it was looked at.</summary>
    public static TierScaling Of(string tier, TierOptions settings) =>
        settings.Scaling.Enabled
            ? new(tier, ScalingMode.On, settings.Replicas.Min, settings.Replicas.Max)
            : new(tier, ScalingMode.Off, settings.Replicas.Min, settings.Replicas.Max)
            {
                Reason = $"not scaled: tiers.{tier}.scaling.enabled is false",
            };

    /// <summary>Before it was looked at.</summary>
    public static TierScaling Of(AdvisedPart part) =>
        part.IsWatched
            ? new(part.Name, ScalingMode.Advice, part.Policy.Limits.Min, part.Policy.Limits.Max)
            : new(part.Name, ScalingMode.Off, part.Policy.Limits.Min, part.Policy.Limits.Max)
            {
                Reason = $"not watched: {part.Key}.enabled is false",
            };

    /// <param name="trouble">What kept signals from being known; null: nothing.</param>
    public TierScaling Decided(TierObservation seen, Decision decision, string? trouble) =>
        this with
        {
            Replicas = seen.Replicas,
            Wanted = decision.Replicas,
            Ready = seen.Ready,
            Capacity = seen.Capacity,
            Signals = seen.Signals.ToDictionary(signal => signal.Key, signal => signal.Value.Value),
            Reason = decision.Reason,
            Alert = decision.Alert,
            Trouble = trouble,
        };
}

internal enum ScalingMode
{
    /// <summary>farm.json does not say that it shall.</summary>
    Off,

    On,

    /// <summary>A person has said that it shall not for now.</summary>
    Paused,

    /// <summary>During a deployment, or while the database fails over.</summary>
    Held,

    /// <summary>Another Orchestrator scales.</summary>
    Waiting,

    /// <summary>Signals are missing: there may be more containers, and never fewer.</summary>
    Blind,

    /// <summary>It is said what the load asks for; a person does it.</summary>
    Advice,
}

/// <summary>A change of a tier's containers.</summary>
/// <param name="By">Who decided it.</param>
/// <param name="Failure">Why not all of it could be done; null when it was.</param>
internal sealed record ScalingChange(DateTimeOffset At, string Tier, int From, int To, ScaledBy By, string Reason, string? Failure);

internal enum ScaledBy
{
    Load,
    Person,
}
