using WpFarm.Backups.Polling;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;
using WpFarm.Topology.Layers.Caching;

namespace WpFarm.Deployment.Compose.Changing;

/// <summary>
/// Replaces cache nodes one after the other. A Redis master first hands its role over to its replica, so that objects and sessions are
/// kept.
/// </summary>
internal sealed class CacheRollout(ComposeHost host, FarmInstance instance, Farm farm, IFarmProgress progress)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private readonly ComposeContainers _containers = new(instance);

    /// <exception cref="OperationFailedException">A node did not become healthy again; the remaining nodes were not replaced.</exception>
    public async Task ReplaceAsync(IReadOnlyList<string> nodes, CancellationToken cancel)
    {
        var left = nodes.Where(IsRedis).ToList();
        foreach (var node in nodes.Except(left))
            await ReplaceOneAsync(node, cancel);
        while (left.Count > 0)
        {
            var node = await FirstReplicaAsync(left, cancel) ?? left[0];
            await HandOverAsync(node, cancel);
            await ReplaceOneAsync(node, cancel);
            await UntilAsync(
                $"{node} is not in sync with its master",
                async () => (await ReplicationAsync(node, cancel)).GetValueOrDefault("master_link_status") == "up",
                cancel
            );
            left.Remove(node);
        }
    }

    private bool IsRedis(string node) => farm.Find(node)!.Image == Redis.Image;

    private Task ReplaceOneAsync(string node, CancellationToken cancel)
    {
        progress.Report(node, "replacing");
        // Varnish first finishes its requests.
        return host.ReplaceAsync(farm, [node], farm.Find(node)!.StopGrace + s_limit, cancel);
    }

    private async Task<string?> FirstReplicaAsync(IReadOnlyList<string> nodes, CancellationToken cancel)
    {
        foreach (var node in nodes)
            if ((await ReplicationAsync(node, cancel)).GetValueOrDefault("role") == "slave")
                return node;
        return null;
    }

    private async Task HandOverAsync(string node, CancellationToken cancel)
    {
        if ((await ReplicationAsync(node, cancel)).GetValueOrDefault("role") != "master")
            return;
        if (await ReplicaOfAsync(node, cancel) is not { } replica)
            return; // No node can take over. The lost objects are cached copies.
        progress.Report(node, $"handing over to {replica}");
        await AskAsync(replica, ["cluster", "failover"], cancel);
        await UntilAsync(
            $"{replica} has not become the master",
            async () => (await ReplicationAsync(node, cancel)).GetValueOrDefault("role") == "slave",
            cancel
        );
    }

    /// <summary>
    /// A connected replica of the node, from <c>CLUSTER NODES</c>. One line per node: <c>id address:port@bus,hostname flags master …</c>
    /// </summary>
    private async Task<string?> ReplicaOfAsync(string node, CancellationToken cancel)
    {
        var lines = (await AskAsync(node, ["cluster", "nodes"], cancel))
            .Split('\n')
            .Select(line => line.Split(' '))
            .Where(part => part.Length > 7)
            .ToList();
        var own = lines.Find(part => part[2].Contains("myself", StringComparison.Ordinal))?[0];
        return
            lines
                .Find(part => part[3] == own && part[7] == "connected" && !part[2].Contains("fail", StringComparison.Ordinal))
                ?[1].Split(',')
                is [_, var name, ..]
            ? name
            : null;
    }

    /// <summary>Parses <c>INFO replication</c>: one <c>name:value</c> per line.</summary>
    private async Task<Dictionary<string, string>> ReplicationAsync(string node, CancellationToken cancel) =>
        (await AskAsync(node, ["info", "replication"], cancel))
            .Split('\n')
            .Select(line => line.Trim().Split(':', 2))
            .Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1]);

    private Task<string> AskAsync(string node, IReadOnlyList<string> command, CancellationToken cancel) =>
        _containers.ExecuteAsync(node, ["farm-redis", .. command], cancel);

    private static async Task UntilAsync(string what, Func<Task<bool>> condition, CancellationToken cancel)
    {
        if (!await Poll.HoldsAsync(condition, s_limit, cancel))
            throw new OperationFailedException($"After {s_limit.TotalSeconds:0} s, {what}. See the log of the node: ./farm logs");
    }
}
