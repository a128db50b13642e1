namespace WpFarm.Topology.Layers.Database;

/// <summary>The MariaDB servers by role, as the Orchestrator and the exporters address them.</summary>
internal static class DatabaseServers
{
    public const int Port = 3306;

    /// <summary>Seconds that a server may be behind and still be read from; images/mariadb/role-check has the same for HAProxy.</summary>
    public const int MostLag = 10;

    public static IReadOnlyList<string> Primaries { get; } = ["mariadb-p1", "mariadb-p2"];

    public static IReadOnlyList<string> Replicas(FarmDesign farm) =>
        [.. Enumerable.Range(1, farm.Options.Database.ReadReplicas).Select(n => $"mariadb-r{n}")];

    public static IReadOnlyList<string> All(FarmDesign farm) => [.. Primaries, .. Replicas(farm)];
}
