namespace WpFarm.Topology.Nodes;

/// <summary>
/// Labels of swarm nodes, by which services find their place: <c>wpfarm.ROLE=true</c> for what a node is there for, and
/// <c>wpfarm.volume.NAME=true</c> for the one node that has a volume. A volume that lives on a node pins who mounts it.
/// </summary>
public static class NodeLabels
{
    public static string Of(NodeRole role) => $"wpfarm.{role.ToString().ToLowerInvariant()}";

    public static string OfVolume(string volume) => $"wpfarm.volume.{volume}";

    /// <summary>The labels that a node must have for this service to be put there.</summary>
    public static IReadOnlyList<string> WantedBy(Service service, Farm farm) =>
        [.. service.Placement.Role is { } role ? [Of(role)] : Array.Empty<string>(), .. PinningVolumes(service, farm).Select(OfVolume)];

    /// <summary>
    /// Labels that are missing for the farm to find its place. What is there already stays: data does not move by relabelling.
    /// </summary>
    /// <param name="nodes">The swarm's nodes, in a fixed order.</param>
    /// <returns>In the order of the nodes; the same input gives the same labels.</returns>
    public static IReadOnlyList<MissingLabel> Missing(Farm farm, IReadOnlyList<LabelledNode> nodes)
    {
        var labels = nodes.ToDictionary(node => node.Name, node => node.Labels.ToHashSet());
        var missing = new List<MissingLabel>();
        var plan = NodePlan.Of(nodes.Count);
        // Nodes that are managers take the plan's managers' places.
        var places = plan.OrderByDescending(place => place.Manager)
            .Zip(nodes.OrderByDescending(node => node.Manager))
            .ToDictionary(pair => pair.First.Number, pair => pair.Second);

        foreach (
            var role in farm
                .Services.Select(s => s.Placement.Role)
                .OfType<NodeRole>()
                .Distinct()
                .Order()
                .Where(role => !labels.Values.Any(l => l.Contains(Of(role))))
        )
        foreach (var place in plan.Where(place => place.Roles.Contains(role)))
            Add(places[place.Number].Name, Of(role));

        foreach (var service in farm.Services)
        foreach (var volume in PinningVolumes(service, farm).Where(volume => !labels.Values.Any(l => l.Contains(OfVolume(volume)))))
        {
            var able = nodes
                .Where(node => service.Placement.Role is not { } role || labels[node.Name].Contains(Of(role)))
                .Select(node => node.Name)
                .ToList();
            var apart = VolumesApartFrom(service, farm);
            // The fewest of those that it should be apart from, then the fewest at all.
            var best = able.OrderBy(node => labels[node].Count(apart.Contains))
                .ThenBy(node => labels[node].Count(l => l.StartsWith(OfVolume(""), StringComparison.Ordinal)))
                .First();
            Add(best, OfVolume(volume));
        }

        return missing.OrderBy(m => nodes.Select(n => n.Name).ToList().IndexOf(m.Node)).ToList();

        void Add(string node, string label)
        {
            labels[node].Add(label);
            missing.Add(new(node, label));
        }
    }

    /// <summary>Labels of volumes that more than one node has: nobody could say where the data is.</summary>
    public static IEnumerable<string> Ambiguous(Farm farm, IReadOnlyList<LabelledNode> nodes) =>
        from volume in farm.Services.SelectMany(service => PinningVolumes(service, farm)).Distinct()
        let label = OfVolume(volume)
        let holders = nodes.Where(node => node.Labels.Contains(label)).Select(node => node.Name).ToList()
        where holders.Count > 1
        select $"{label}: is on {string.Join(" and ", holders)}, but volume {volume} can be on one node only. Remove it from the others: docker node update --label-rm {label} NODE";

    /// <summary>Those without a driver that makes them the same everywhere; what runs on every node has one on each.</summary>
    private static IEnumerable<string> PinningVolumes(Service service, Farm farm) =>
        service.Placement.Global
            ? []
            : service
                .Mounts.Where(mount =>
                    !mount.HostPath && !mount.IsSpool && farm.Volumes.First(v => v.Name == mount.Source).DriverOptions.Count == 0
                )
                .Select(mount => mount.Source);

    private static HashSet<string> VolumesApartFrom(Service service, Farm farm) =>
        service.Placement.AntiAffinity is not { } group
            ? []
            : farm
                .Services.Where(other => other.Placement.AntiAffinity == group)
                .SelectMany(other => PinningVolumes(other, farm))
                .Select(OfVolume)
                .ToHashSet();
}

/// <param name="Name">Its host name in the swarm.</param>
/// <param name="Labels">Keys of the labels whose value is <c>true</c>.</param>
public sealed record LabelledNode(string Name, bool Manager, IReadOnlySet<string> Labels);

public sealed record MissingLabel(string Node, string Label)
{
    public override string ToString() => $"docker node update --label-add {Label}=true {Node}";
}
