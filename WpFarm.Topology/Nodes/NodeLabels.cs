namespace WpFarm.Topology.Nodes;

/// <summary>
/// Labels of swarm nodes, to which placement constraints refer: <c>wpfarm.ROLE=true</c> for the roles of a node, and
/// <c>wpfarm.volume.NAME=true</c> for the one node that has a volume. A volume on a node pins the services that mount it.
/// </summary>
public static class NodeLabels
{
    public static string Of(NodeRole role) => $"wpfarm.{role.ToString().ToLowerInvariant()}";

    public static string OfVolume(string volume) => $"wpfarm.volume.{volume}";

    /// <summary>The labels that a node needs to run this service.</summary>
    public static IReadOnlyList<string> WantedBy(Service service, Farm farm) =>
        [.. service.Placement.Role is { } role ? [Of(role)] : Array.Empty<string>(), .. PinningVolumes(service, farm).Select(OfVolume)];

    /// <summary>
    /// The labels that the nodes still need for this farm. Existing labels are kept, because relabelling does not move data.
    /// </summary>
    /// <param name="nodes">The swarm's nodes, in a fixed order.</param>
    /// <returns>Labels in the order of the nodes. The same input gives the same labels.</returns>
    public static IReadOnlyList<MissingLabel> Missing(Farm farm, IReadOnlyList<LabelledNode> nodes)
    {
        var labels = nodes.ToDictionary(node => node.Name, node => node.Labels.ToHashSet());
        var missing = new List<MissingLabel>();
        var plan = NodePlan.Of(nodes.Count);
        // Manager nodes are matched with the managers of the plan.
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
            // Prefer the node with the fewest volumes of the same group, then with the fewest volumes.
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

    /// <summary>Volume labels that more than one node has, so that the location of the data is ambiguous.</summary>
    public static IEnumerable<string> Ambiguous(Farm farm, IReadOnlyList<LabelledNode> nodes) =>
        from volume in farm.Services.SelectMany(service => PinningVolumes(service, farm)).Distinct()
        let label = OfVolume(volume)
        let holders = nodes.Where(node => node.Labels.Contains(label)).Select(node => node.Name).ToList()
        where holders.Count > 1
        select $"{label}: is on {string.Join(" and ", holders)}, but volume {volume} can be on one node only. "
            + $"Remove it from the others: docker node update --label-rm {label} NODE";

    /// <summary>Volumes that exist on one node: not those with a shared driver, nor those of services that run on every node.</summary>
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

/// <param name="Name">Host name in the swarm.</param>
/// <param name="Labels">Keys of the labels whose value is <c>true</c>.</param>
public sealed record LabelledNode(string Name, bool Manager, IReadOnlySet<string> Labels);

public sealed record MissingLabel(string Node, string Label)
{
    public override string ToString() => $"docker node update --label-add {Label}=true {Node}";
}
