namespace WpFarm.Scaling.Simulation;

/// <summary>An autoscaler in a simulation.</summary>
public abstract class ScalerOfPool
{
    public abstract string Name { get; }

    /// <summary>Number of containers at the start.</summary>
    internal abstract int Begin { get; }

    /// <summary>Time over which measured CPU is averaged.</summary>
    internal abstract TimeSpan CpuWindow { get; }

    internal abstract (int Replicas, string Reason, ScalingAlert Alert) Decide(TierObservation seen, DateTimeOffset now);
}

/// <summary>The farm's <see cref="Autoscaler"/>.</summary>
public sealed class WpFarmScaler(TierPolicy policy) : ScalerOfPool
{
    private ScalingState _state = ScalingState.Initial;

    public override string Name => "WpFarm";

    internal override int Begin => policy.Limits.Min;

    /// <summary>The farm queries Prometheus' rate over a minute.</summary>
    internal override TimeSpan CpuWindow => TimeSpan.FromSeconds(60);

    internal override (int Replicas, string Reason, ScalingAlert Alert) Decide(TierObservation seen, DateTimeOffset now)
    {
        var decision = Autoscaler.Decide(policy, _state, seen, now);
        _state = decision.State;
        return (decision.Replicas, decision.Reason, decision.Alert);
    }
}

/// <summary>No autoscaling.</summary>
public sealed class FixedScaler(int replicas) : ScalerOfPool
{
    public override string Name => $"always {replicas}";

    internal override int Begin => replicas;

    internal override TimeSpan CpuWindow => TimeSpan.FromSeconds(60);

    internal override (int Replicas, string Reason, ScalingAlert Alert) Decide(TierObservation seen, DateTimeOffset now) =>
        (replicas, Name, ScalingAlert.None);
}
