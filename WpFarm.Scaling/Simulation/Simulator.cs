using WpFarm.Topology.FarmFile;

namespace WpFarm.Scaling.Simulation;

/// <summary>Simulates a tier's pool with an autoscaler and traffic, faster than real time.</summary>
public static class Simulator
{
    /// <summary>
    /// Time from a decision until a new container serves requests: about ten seconds until it is healthy, plus the balancer's health check.
    /// </summary>
    public static readonly TimeSpan ColdStart = TimeSpan.FromSeconds(15);

    /// <summary>Interval of measurements and decisions: 15 s, as with Prometheus and HPA.</summary>
    private const int Every = 15;

    /// <summary>The simulated start, a Monday at midnight. Schedules refer to it.</summary>
    private static readonly DateTimeOffset s_start = new(2027, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public static SimulationResult Run(Traffic traffic, TierOptions tier, ScalerOfPool scaler)
    {
        var (pool, containers, seconds) = (new PoolModel(tier), new Containers(scaler.Begin), new List<PoolSecond>(traffic.Seconds.Count));
        var (moments, scalings) = (new List<SimulatedMoment>(), new List<SimulatedScaling>());
        for (var second = 0; second < traffic.Seconds.Count; second++)
        {
            var now = s_start.AddSeconds(second);
            seconds.Add(pool.Pass(traffic.Seconds[second], containers.Ready(now)));
            if ((second + 1) % Every != 0)
                continue;
            var (replicas, reason, alert) = scaler.Decide(Observe(seconds, containers, scaler.CpuWindow, now), now);
            if (replicas != containers.Wanted)
                scalings.Add(new(now - s_start, containers.Wanted, replicas, reason));
            moments.Add(
                new(now - s_start, traffic.Seconds[second].Pages, containers.Wanted, seconds[^1].Latency, seconds[^1].Queue, alert)
            );
            containers.Scale(replicas, now);
        }

        return SimulationResult.Of(traffic, scaler, seconds, moments, scalings);
    }

    private static TierObservation Observe(List<PoolSecond> seconds, Containers containers, TimeSpan cpuWindow, DateTimeOffset now)
    {
        var (latest, ready) = (seconds[^1], containers.Ready(now));
        return new TierObservation
        {
            Replicas = containers.Wanted,
            Ready = ready,
            Signals = new Dictionary<Signal, Measurement>
            {
                [Signal.Cpu] = new(Last(seconds, (int)cpuWindow.TotalSeconds).Average(second => second.Cpu), now),
                [Signal.Memory] = new(latest.Memory, now),
                [Signal.Latency] = new(Last(seconds, Every).Average(second => second.Latency), now),
                [Signal.Queue] = new(latest.Queue / Math.Max(1, ready), now),
                [Signal.Busy] = new(latest.Busy, now),
            },
        };
    }

    private static List<PoolSecond> Last(List<PoolSecond> seconds, int count) => seconds[^Math.Min(count, seconds.Count)..];

    /// <summary>The containers, each with the time from which it serves.</summary>
    private sealed class Containers(int count)
    {
        private readonly List<DateTimeOffset> _readyAt = [.. Enumerable.Repeat(s_start, count)];

        public int Wanted => _readyAt.Count;

        public int Ready(DateTimeOffset now) => _readyAt.Count(at => at <= now);

        /// <summary>Removes the youngest containers first. They drain, so no request is lost.</summary>
        public void Scale(int replicas, DateTimeOffset now)
        {
            while (_readyAt.Count < replicas)
                _readyAt.Add(now + ColdStart);
            _readyAt.RemoveRange(replicas, _readyAt.Count - replicas);
        }
    }
}
