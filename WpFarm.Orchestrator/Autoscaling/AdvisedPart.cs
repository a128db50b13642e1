using WpFarm.Scaling;
using WpFarm.Topology;
using WpFarm.Topology.Layers.ReverseProxy;
using WpFarm.Topology.Nodes;

namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>A part of the farm that only a person can resize, because it consists of data or machines.</summary>
/// <param name="Name">Name of the part. It contains a space, so it differs from the name of every tier.</param>
/// <param name="Key">Key of its settings in farm.json.</param>
/// <param name="More">What an operator does to add some.</param>
/// <param name="Fewer">What an operator does to remove some.</param>
internal sealed record AdvisedPart(
    string Name,
    string Key,
    bool IsWatched,
    TierPolicy Policy,
    string More,
    string Fewer,
    Func<LoadSignals, CancellationToken, Task<TierObservation>> Observe
)
{
    /// <summary>The parts of a farm.</summary>
    public static IReadOnlyList<AdvisedPart> Of(Farm farm) =>
        [
            .. farm.Options.Database.ReadReplicas > 0 ? [ReadReplicas(farm)] : Array.Empty<AdvisedPart>(),
            .. farm.Options.Swarm.Nodes > 1 && farm.Find(Traefik.Name) is { } traefik
                ? [EdgeNodes(farm, traefik)]
                : Array.Empty<AdvisedPart>(),
        ];

    private static AdvisedPart ReadReplicas(Farm farm)
    {
        var options = farm.Options.Database;
        var (more, bring) =
            farm.Options.Swarm.Nodes > 1
                ? ("raise database.readReplicas in farm.json, then ./farm deploy", "./farm deploy")
                : ("./farm db add-replica", "./farm up");
        return new(
            "read replicas",
            "database.scaling",
            options.Scaling.Enabled,
            TierPolicy.Of(options.Scaling),
            more,
            $"lower database.readReplicas in farm.json, then {bring}",
            (signals, cancel) => signals.OfReadReplicasAsync(options.Cpus, cancel)
        );
    }

    private static AdvisedPart EdgeNodes(Farm farm, Service traefik)
    {
        var options = farm.Options.Edge.Scaling;
        var label = NodeLabels.Of(traefik.Placement.Role!.Value);
        return new(
            "edge nodes",
            "edge.scaling",
            options.Enabled,
            TierPolicy.Of(options),
            $"docker node update --label-add {label}=true NODE, and lead visitors to it",
            $"lead visitors away from one, then docker node update --label-rm {label} NODE",
            (signals, cancel) => signals.OfEdgeAsync(traefik.Limits.Cpus, cancel)
        );
    }
}
