using WpFarm.Topology;
using WpFarm.Topology.Nodes;

namespace WpFarm.Deployment.Swarm;

/// <summary>Finds everything that prevents a deployment, all at once, before anything is changed. Pure.</summary>
internal static class SwarmPreflight
{
    /// <summary>Managers that a swarm needs to survive the loss of one: Raft needs a majority.</summary>
    private const int ManagersForAvailability = 3;

    public static IReadOnlyList<string> OfEngine(EngineInfo? engine) =>
        engine switch
        {
            null => ["docker: no engine answers. Name a manager's engine: --context NAME, or DOCKER_HOST=ssh://user@manager."],
            { InSwarm: false } => [$"swarm: {engine.Name} is not in a swarm. Create one there: docker swarm init --advertise-addr ADDRESS"],
            { IsManager: false } =>
            [
                $"swarm: {engine.Name} is not a manager. Deploy to a manager: --context NAME, or DOCKER_HOST=ssh://user@manager.",
            ],
            _ => [],
        };

    /// <param name="label">The deployment sets missing labels, so they are not a problem.</param>
    public static IEnumerable<string> OfNodes(Farm farm, IReadOnlyList<NodeState> nodes, bool label)
    {
        var usable = nodes.Where(node => node.Usable).ToList();
        var wanted = farm.Options.Swarm.Nodes;
        if (usable.Count < wanted)
            yield return $"swarm: has {usable.Count} usable nodes, but swarm.nodes in farm.json is {wanted}. "
                + "Add nodes (docker swarm join-token worker), or set swarm.nodes lower.";
        if (wanted >= ManagersForAvailability && nodes.Count(node => node.Manager) is var managers and < ManagersForAvailability)
            yield return $"swarm: has {managers} managers; {ManagersForAvailability} are needed to survive the loss of one. "
                + $"Promote more: docker node promote {string.Join(
                    ' ',
                    nodes.Where(node => !node.Manager).Select(node => node.Name).Take(ManagersForAvailability - managers)
                )}";
        foreach (var problem in NodeLabels.Ambiguous(farm, Nodes(nodes)))
            yield return problem;
        if (!label && usable.Count > 0)
            foreach (var missing in NodeLabels.Missing(farm, Nodes(usable)))
                yield return $"node {missing.Node}: label {missing.Label} is missing. Set it, or run with --label: {missing}";
    }

    /// <param name="here">Version of each secret on this machine.</param>
    /// <param name="there">Names of the secrets in the swarm.</param>
    /// <param name="replace">The operator wants to replace the swarm's secrets.</param>
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
                yield return $"secret {secret.Name}: is in the swarm but not in {folder}. "
                    + "Put the farm's secrets there first: a newly generated one would not open the farm's data.";
            else if (!replace && !known.Contains(prefix + version))
                yield return $"secret {secret.Name}: its value in {folder} differs from the swarm's. "
                    + "Put the swarm's value back there, or, if you changed it on purpose, run with --replace-secrets.";
        }
    }

    /// <summary>A deployment to other machines needs a registry: without one, only the engine that built the images has them.</summary>
    public static IEnumerable<string> OfRegistry(Farm farm, bool isElsewhere)
    {
        if (farm.Options.Registry is null && isElsewhere)
            yield return "farm.json: registry: must be set to deploy to another machine, which pulls the first-party images from it. "
                + "Example: registry.example.com/wpfarm.";
    }

    private static List<LabelledNode> Nodes(IReadOnlyList<NodeState> nodes) =>
        nodes.OrderBy(node => node.Name, StringComparer.Ordinal).Select(node => node.ToNode()).ToList();
}
