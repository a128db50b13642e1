namespace WpFarm.Topology.Layers.Caching;

internal static class Redis
{
    // Used by the application layer; keep these names.
    public const int Port = 6379;

    public static IReadOnlyList<string> Nodes { get; } = [.. Enumerable.Range(1, 6).Select(n => $"redis-{n}")];
}
