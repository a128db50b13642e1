using WpFarm.Topology;
using WpFarm.Topology.Nodes;

namespace WpFarm.Deployment.Swarm;

/// <summary>What stands in the way of a deployment, all of it at once, before anything is touched. Pure.</summary>
internal static class SwarmPreflight
{
    /// <summary>Managers that a swarm needs to lose one: Raft wants a majority.</summary>
    private const int ManagersForAvailability = 3;

    public static IReadOnlyList<string> OfEngine(EngineInfo? engine) =>
        engine switch
        {
            null => ["docker: no engine answers. Say which: --context NAME, or DOCKER_HOST=ssh://user@manager."],
            { InSwarm: false } => [$"swarm: {engine.Name} is in none. Make one there: docker swarm init --advertise-addr ADDRESS"],
            { IsManager: false } =>
            [
                $"swarm: {engine.Name} is not a manager. Deploy to one that is: --context NAME, or DOCKER_HOST=ssh://user@manager.",
            ],
            _ => [],
        };

    /// <param name="label">Missing labels will be set, so they are no problem.</param>
    public static IEnumerable<string> OfNodes(Farm farm, IReadOnlyList<NodeState> nodes, bool label)
    {
        var usable = nodes.Where(node => node.Usable).ToList();
        var wanted = farm.Options.Swarm.Nodes;
        if (usable.Count < wanted)
            yield return $"swarm: has {usable.Count} usable nodes, and farm.json counts on {wanted} (swarm.nodes). Add nodes (docker swarm join-token worker), or say fewer.";
        if (wanted >= ManagersForAvailability && nodes.Count(node => node.Manager) is var managers and < ManagersForAvailability)
            yield return $"swarm: has {managers} managers; {ManagersForAvailability} are needed to lose one. Promote: docker node promote {string.Join(' ', nodes.Where(node => !node.Manager).Select(node => node.Name).Take(ManagersForAvailability - managers))}";
        foreach (var problem in NodeLabels.Ambiguous(farm, Nodes(nodes)))
            yield return problem;
        if (!label && usable.Count > 0)
            foreach (var missing in NodeLabels.Missing(farm, Nodes(usable)))
                yield return $"node {missing.Node}: label {missing.Label} is missing. Set it, or run with --label: {missing}";
    }

    /// <param name="here">Version of each secret that is on this machine.</param>
    /// <param name="there">Names of the secrets in the swarm.</param>
    /// <param name="replace">Other secrets than those of the swarm are meant.</param>
    public static IEnumerable<string> OfSecrets(
        Farm farm,
        string project,
        IReadOnlyDictionary<string, string> here,
        IReadOnlyList<string> there,
        string folder,
        bool replace
    )
    {
        foreach (var secret in farm.Secrets)
        {
            var prefix = SwarmManifest.SecretName(project, secret.Name, "");
            var known = there.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
            if (known.Count == 0)
                continue;
            if (!here.TryGetValue(secret.Name, out var version))
                yield return $"secret {secret.Name}: the swarm has one, and {folder} does not. Put the farm's secrets there first: a new one would not open its data.";
            else if (!replace && !known.Contains(prefix + version))
                yield return $"secret {secret.Name}: the one in {folder} is not the one in the swarm. Put the right one back, or, if it was changed on purpose, run with --replace-secrets.";
        }
    }

    /// <summary>Without a registry only the engine that built the images has them.</summary>
    public static IEnumerable<string> OfRegistry(Farm farm, bool isElsewhere)
    {
        if (farm.Options.Registry is null && isElsewhere)
            yield return "farm.json: registry: is needed to deploy to another machine: it pulls the first-party images from there. Example: registry.example.com/wpfarm.";
    }

    private static List<LabelledNode> Nodes(IReadOnlyList<NodeState> nodes) =>
        nodes.OrderBy(node => node.Name, StringComparer.Ordinal).Select(node => node.ToNode()).ToList();
}
