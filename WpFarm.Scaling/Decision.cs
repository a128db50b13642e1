namespace WpFarm.Scaling;

/// <param name="Replicas">Containers that are wanted from now on.</param>
/// <param name="State">For the next decision, if this one is carried out; if it fails, too.</param>
/// <param name="Reason">Why, in words for a person.</param>
/// <param name="Alert">What a person should look at, because no number of containers helps.</param>
public sealed record Decision(int Replicas, ScalingState State, string Reason, ScalingAlert Alert)
{
    /// <summary>A signal that is looked at is missing or stale, whatever else there is to say: there may be more containers, never fewer.</summary>
    public bool IsBlind { get; init; }
}
