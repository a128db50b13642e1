namespace WpFarm.Scaling.Simulation;

/// <summary>
/// Kubernetes' HorizontalPodAutoscaler (autoscaling/v2) with its default behaviour, after kubernetes.io, "Horizontal Pod
/// Autoscaling", and pkg/controller/podautoscaler: ratio, tolerance, unready pods, highest metric, stabilization, scaling rate.
/// For comparison only. CPU and memory are Resource metrics (requests as large as limits); latency is an Object metric with a target
/// Value, the queue one with a target AverageValue, busy workers a Pods metric.
/// </summary>
/// <param name="limits">minReplicas and maxReplicas.</param>
/// <param name="targets">The metrics with their target values.</param>
public sealed class HorizontalPodAutoscaler(string name, ReplicaLimits limits, IReadOnlyDictionary<Signal, double> targets) : ScalerOfPool
{
    private const double Tolerance = 0.1;
    private static readonly TimeSpan s_downscaleStabilization = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(15);

    private readonly List<(DateTimeOffset At, int Replicas)> _recommendations = [];
    private readonly List<(DateTimeOffset At, int Change)> _changes = [];

    public override string Name => name;

    internal override int Begin => limits.Min;

    /// <summary>metrics-server's resolution.</summary>
    internal override TimeSpan CpuWindow => TimeSpan.FromSeconds(15);

    internal override (int Replicas, string Reason, ScalingAlert Alert) Decide(TierObservation seen, DateTimeOffset now)
    {
        var (proposed, metric) = targets
            .Select(target => (Replicas: Proposal(target.Key, target.Value, seen), target.Key))
            .MaxBy(proposal => proposal.Replicas);
        var replicas = Paced(Stabilised(proposed, seen.Replicas, now), seen.Replicas, now);
        if (replicas != seen.Replicas)
            _changes.Add((now, replicas - seen.Replicas));
        return (replicas, $"{metric} recommends {proposed}", ScalingAlert.None);
    }

    private static int Proposal(Signal metric, double target, TierObservation seen)
    {
        if (!seen.Signals.TryGetValue(metric, out var measured))
            return seen.Replicas;
        return metric switch
        {
            Signal.Latency => Math.Abs(1 - (measured.Value / target)) <= Tolerance
                ? seen.Replicas
                : Ceiling(measured.Value / target * seen.Ready),
            Signal.Queue => AverageValue(measured.Value * seen.Ready, target, seen.Replicas),
            _ => OverPods(measured.Value / target, seen),
        };
    }

    private static int AverageValue(double total, double target, int replicas) =>
        Math.Abs(1 - (total / (target * replicas))) <= Tolerance ? replicas : Ceiling(total / target);

    /// <summary>A Pods metric: for a scale-up, pods that are not ready count as idle.</summary>
    private static int OverPods(double ratio, TierObservation seen)
    {
        if (seen.Ready == seen.Replicas || ratio <= 1)
            return Math.Abs(1 - ratio) <= Tolerance ? seen.Replicas : Ceiling(ratio * seen.Ready);
        var all = ratio * seen.Ready / seen.Replicas;
        return all <= 1 + Tolerance ? seen.Replicas : Ceiling(all * seen.Replicas);
    }

    private int Stabilised(int proposed, int replicas, DateTimeOffset now)
    {
        if (_recommendations.Count == 0)
            _recommendations.Add((now, replicas));
        _recommendations.RemoveAll(recommendation => recommendation.At <= now - s_downscaleStabilization);
        var highest = _recommendations.Select(recommendation => recommendation.Replicas).Append(proposed).Max();
        _recommendations.Add((now, proposed));
        return proposed > replicas ? proposed : Math.Min(highest, replicas);
    }

    /// <summary>Scale-up: 100 % or four pods within 15 s. Scale-down: 100 % at once.</summary>
    private int Paced(int wanted, int replicas, DateTimeOffset now)
    {
        var before = replicas - _changes.Where(change => change.At > now - s_period).Sum(change => change.Change);
        var most = Math.Max(replicas, Math.Max(before * 2, before + 4));
        return Math.Clamp(Math.Min(wanted, most), limits.Min, limits.Max);
    }

    private static int Ceiling(double value) => (int)Math.Ceiling(value);
}
