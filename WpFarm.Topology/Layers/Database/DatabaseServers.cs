namespace WpFarm.Topology.Layers.Database;

/// <summary>The MariaDB servers by role, as the Orchestrator and the exporters address them.</summary>
public static class DatabaseServers
{
    public const int Port = 3306;

    /// <summary>Job of Prometheus.</summary>
    public const string Job = "mariadb";

    /// <summary>What the name of a read replica begins with; a number from 1 follows.</summary>
    public const string ReplicaPrefix = "mariadb-r";

    /// <summary>Seconds that a server may be behind and still be read from; images/mariadb/role-check has the same for HAProxy.</summary>
    public const int MostLag = 10;

    public static IReadOnlyList<string> Primaries { get; } = ["mariadb-p1", "mariadb-p2"];

    /// <param name="number">From 1.</param>
    public static string Replica(int number) => $"{ReplicaPrefix}{number}";

    internal static IReadOnlyList<string> Replicas(FarmDesign farm) =>
        [.. Enumerable.Range(1, farm.Options.Database.ReadReplicas).Select(Replica)];

    internal static ServiceEndpoint Sql(string server) => ServiceEndpoint.Tcp(server, Port);

    internal static IReadOnlyList<string> All(FarmDesign farm) => [.. Primaries, .. Replicas(farm)];
}
