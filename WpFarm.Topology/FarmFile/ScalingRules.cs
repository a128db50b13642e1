using System.Globalization;
using WpFarm.Topology.Nodes;

namespace WpFarm.Topology.FarmFile;

/// <summary>Rules for the keys that limit the number of containers. Each rule appends every problem that it finds.</summary>
internal static class ScalingRules
{
    /// <summary>Fraction of a node's memory for the limits of containers. The rest is for the system.</summary>
    private const double MemoryForContainers = 0.85;

    public static void Check(FarmOptions options, List<FarmFileProblem> problems)
    {
        foreach (var (name, tier) in options.Tiers)
        {
            CheckCapacity(options, name, tier, problems);
            CheckSchedules(options, $"tiers.{name}.scaling.schedules", tier, problems);
        }

        CheckAdvice("database.scaling", options.Database.Scaling.Min, options.Database.Scaling.Max, problems);
        CheckAdvice("edge.scaling", options.Edge.Scaling.Min, options.Edge.Scaling.Max, problems);
        if (options is { Database: { Scaling.Enabled: true, ReadReplicas: 0 } })
            problems.Add(
                new("database.scaling.enabled", "needs database.readReplicas of 1 or more: without a replica there is no load to measure.")
            );
        if (options is { Edge.Scaling.Enabled: true, Swarm.Nodes: 1 })
            problems.Add(new("edge.scaling.enabled", "needs swarm.nodes of 2 or more, because it recommends a number of nodes."));
        if (!options.Observability.Enabled)
            problems.AddRange(
                Enabled(options).Select(key => new FarmFileProblem(key, "needs observability.enabled, because it is based on metrics."))
            );
    }

    private static IEnumerable<string> Enabled(FarmOptions options) =>
        [
            .. options.Tiers.Where(tier => tier.Value.Scaling.Enabled).Select(tier => $"tiers.{tier.Key}.scaling.enabled"),
            .. options.Database.Scaling.Enabled ? ["database.scaling.enabled"] : Array.Empty<string>(),
            .. options.Edge.Scaling.Enabled ? ["edge.scaling.enabled"] : Array.Empty<string>(),
        ];

    private static void CheckAdvice(string key, int min, int max, List<FarmFileProblem> problems)
    {
        if (min > max)
            problems.Add(new(key, $"min {min} is more than max {max}."));
    }

    private static void CheckCapacity(FarmOptions options, string name, TierOptions tier, List<FarmFileProblem> problems)
    {
        if (options.Swarm.NodeMemory is not { } memory)
            return;
        var nodes = NodePlan.Of(options.Swarm.Nodes).Count(node => node.Roles.Contains(NodeRole.App));
        var most = nodes * (int)(memory.Bytes * MemoryForContainers / tier.Memory.Bytes);
        if (tier.Replicas.Max > most)
            problems.Add(
                new(
                    $"tiers.{name}.replicas.max",
                    $"{tier.Replicas.Max} containers of {tier.Memory} do not fit on {nodes} {(nodes == 1 ? "node" : "nodes")} "
                        + $"for WordPress with {memory} (swarm.nodeMemory). Set at most {most}."
                )
            );
    }

    private static void CheckSchedules(FarmOptions options, string path, TierOptions tier, List<FarmFileProblem> problems)
    {
        var windows = new List<(string Name, ScheduleWindow Window)>();
        foreach (var (name, schedule) in tier.Scaling.Schedules)
        {
            var key = $"{path}.{name}";
            var (min, max) = (schedule.Min ?? tier.Replicas.Min, schedule.Max ?? tier.Replicas.Max);
            if (max > tier.Replicas.Max)
                problems.Add(new($"{key}.max", $"{max} is more than replicas.max {tier.Replicas.Max}. Raise replicas.max or lower this."));
            if (min > max)
                problems.Add(new(key, $"min {min} is more than max {max}."));
            if (options.Swarm.IsAvailable && min < 2)
                problems.Add(
                    new(
                        $"{key}.min",
                        $"must be 2 or more when swarm.nodes is {options.Swarm.Nodes}: "
                            + "with one container, the loss of its node stops the tier's sites."
                    )
                );
            if (!ScheduleWindow.TryCreate(schedule, problems, key, out var window))
                continue;
            if (window.OverlapWithItself() is { } again)
            {
                problems.Add(
                    new(
                        key,
                        $"overlaps itself: it starts again at {Text(again)}, before its "
                            + $"{schedule.Hours.ToString(CultureInfo.InvariantCulture)} hours are over. Lower hours."
                    )
                );
                continue;
            }

            foreach (var (other, earlier) in windows)
                if (window.Overlap(earlier) is { } both)
                    problems.Add(new(key, $"overlaps '{other}' at {Text(both)}. Change start or hours of one of them."));
            windows.Add((name, window));
        }
    }

    private static string Text(DateTimeOffset time) => time.ToString("ddd d MMM HH:mm", CultureInfo.InvariantCulture);
}
