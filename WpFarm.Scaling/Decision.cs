namespace WpFarm.Scaling;

/// <param name="Replicas">The number of containers to run.</param>
/// <param name="State">State for the next decision, whether or not this one is carried out.</param>
/// <param name="Reason">The reason, for a person.</param>
/// <param name="Alert">A condition that a person should look at.</param>
public sealed record Decision(int Replicas, ScalingState State, string Reason, ScalingAlert Alert)
{
    /// <summary>True when a signal is missing or stale. Then the number of containers can grow but not shrink.</summary>
    public bool IsBlind { get; init; }
}
