namespace WpFarm.Topology.Nodes;

/// <summary>The roles of one node of a swarm.</summary>
/// <param name="Number">Number of the node, 1 and up.</param>
/// <param name="Manager">True for a swarm manager. From three nodes on, the loss of one node never loses the majority.</param>
public sealed record NodePlan(int Number, IReadOnlyList<NodeRole> Roles, bool Manager)
{
    /// <summary>
    /// Assigns roles to nodes by the resource allocation of the design, with three edge nodes, and three nodes for Redis, whose cluster
    /// needs a majority of its masters.
    /// </summary>
    /// <param name="nodes">Number of nodes, 1 to 100.</param>
    public static IReadOnlyList<NodePlan> Of(int nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(nodes);
        var placed = nodes switch
        {
            < 3 => Everything(nodes),
            < 5 => Minimum(nodes),
            < 10 => Recommended(nodes),
            _ => Dedicated(nodes),
        };
        var management = placed[NodeRole.Management][0];
        return
        [
            .. Enumerable
                .Range(1, nodes)
                .Select(number => new NodePlan(
                    number,
                    [.. Enum.GetValues<NodeRole>().Where(role => placed[role].Contains(number))],
                    Manager: nodes < 3 ? number == 1 : number <= (nodes < 7 ? 2 : 4) || number == management
                )),
        ];
    }

    private static Dictionary<NodeRole, int[]> Everything(int nodes) =>
        Enum.GetValues<NodeRole>().ToDictionary(role => role, role => role is NodeRole.Management ? [1] : Range(1, nodes));

    /// <summary>All roles on every node, except observability and management, which are on the last.</summary>
    private static Dictionary<NodeRole, int[]> Minimum(int nodes) =>
        new()
        {
            [NodeRole.Edge] = Range(1, nodes),
            [NodeRole.App] = Range(1, nodes),
            [NodeRole.Db] = Range(1, nodes),
            [NodeRole.Cache] = Range(1, nodes),
            [NodeRole.Storage] = [nodes],
            [NodeRole.Observability] = [nodes],
            [NodeRole.Management] = [nodes],
        };

    /// <summary>Edge and caches on the first nodes, then WordPress, two nodes for the database only, and the rest on the last.</summary>
    private static Dictionary<NodeRole, int[]> Recommended(int nodes) =>
        new()
        {
            [NodeRole.Edge] = [1, 2, 3],
            [NodeRole.Cache] = [1, 2, 3],
            [NodeRole.App] = [3, 4, 5, .. Range(8, nodes)],
            [NodeRole.Db] = [4, 5],
            [NodeRole.Observability] = [Math.Min(6, nodes)],
            [NodeRole.Management] = [Math.Min(7, nodes)],
            [NodeRole.Storage] = [Math.Min(7, nodes)],
        };

    /// <summary>Three or four nodes for the database, two or three each for caches and storage, all others for WordPress.</summary>
    private static Dictionary<NodeRole, int[]> Dedicated(int nodes)
    {
        var db = nodes < 13 ? 3 : 4;
        var cache = nodes < 12 ? 2 : 3;
        var storage = nodes < 15 ? 2 : 3;
        var app = nodes - db - cache - storage;
        var (firstDb, firstCache, firstStorage) = (app + 1, app + db + 1, app + db + cache + 1);
        return new()
        {
            [NodeRole.Edge] = [1, 2, 3],
            [NodeRole.App] = Range(1, app),
            [NodeRole.Db] = Range(firstDb, firstCache - 1),
            // Two dedicated cache nodes. The third Redis node is also a storage node.
            [NodeRole.Cache] = Range(firstCache, firstCache + 2),
            [NodeRole.Storage] = Range(firstStorage, nodes),
            [NodeRole.Observability] = [nodes - 1],
            [NodeRole.Management] = [nodes],
        };
    }

    /// <summary>The numbers from first to last. Empty if <paramref name="last"/> is before <paramref name="first"/>.</summary>
    private static int[] Range(int first, int last) => [.. Enumerable.Range(first, Math.Max(0, last - first + 1))];
}
