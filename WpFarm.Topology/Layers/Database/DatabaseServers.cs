namespace WpFarm.Topology.Layers.Database;

/// <summary>The MariaDB servers by role, as the Orchestrator and the exporters address them.</summary>
public static class DatabaseServers
{
    public const int Port = 3306;

    /// <summary>Prometheus job name.</summary>
    public const string Job = "mariadb";

    /// <summary>Prefix of the name of a read replica; a number from 1 follows.</summary>
    public const string ReplicaPrefix = "mariadb-r";

    /// <summary>
    /// The highest lag, in seconds, with which a server still answers reads. images/mariadb/role-check has the same value for HAProxy.
    /// </summary>
    public const int MostLag = 10;

    public static IReadOnlyList<string> Primaries { get; } = ["mariadb-p1", "mariadb-p2"];

    /// <param name="number">From 1.</param>
    public static string Replica(int number) => $"{ReplicaPrefix}{number}";

    internal static IReadOnlyList<string> Replicas(FarmDesign farm) =>
        [.. Enumerable.Range(1, farm.Options.Database.ReadReplicas).Select(Replica)];

    internal static ServiceEndpoint Sql(string server) => ServiceEndpoint.Tcp(server, Port);

    internal static IReadOnlyList<string> All(FarmDesign farm) => [.. Primaries, .. Replicas(farm)];
}
