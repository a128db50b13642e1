namespace WpFarm.Topology;

/// <summary>
/// One of the seed's six networks, the way out, or the way to the engine. Services without a common network cannot reach each other.
/// </summary>
/// <param name="Name">The seed's name.</param>
/// <param name="Internal">True: no route to the outside, in either direction.</param>
/// <param name="Purpose">One line for the operator.</param>
public sealed record Network(string Name, bool Internal, string Purpose)
{
    public const string Web = "web";
    public const string WordPress = "wordpress";
    public const string Database = "database";
    public const string Caching = "caching";
    public const string Monitoring = "monitoring";
    public const string Management = "management";

    /// <summary>Not one of the seed's: only what speaks to the internet for the sites is on it.</summary>
    public const string Internet = "internet";

    /// <summary>Not one of the seed's: whoever reaches the engine's proxy may ask for what the Orchestrator may.</summary>
    public const string Engine = "engine";

    public static IReadOnlyList<Network> All { get; } =
    [
        new(Web, Internal: false, "Reverse proxies and what faces the public"),
        new(WordPress, Internal: true, "WordPress pools, between the balancer and the database proxy"),
        new(Database, Internal: true, "MariaDB servers; nothing public, and no WordPress"),
        new(Caching, Internal: true, "Redis Cluster, Memcached, Varnish, and the pools that use them"),
        new(Monitoring, Internal: true, "Metrics, logs, traces, dashboards, alerts"),
        new(Management, Internal: false, "Orchestrator and administration; published on the loopback address only"),
        new(Internet, Internal: false, "The sites' way out: the proxy, and the mail server if there is a relay"),
        new(Engine, Internal: true, "The Orchestrator, and what it may see and do of the container engine"),
    ];
}
