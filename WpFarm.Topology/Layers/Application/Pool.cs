using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Nodes;

namespace WpFarm.Topology.Layers.Application;

/// <summary>
/// The stateless containers (nginx and php-fpm) of one tier. Each serves every site of its tier: the image holds the code,
/// the host name selects the site, uploads are on shared storage, and Redis holds sessions and objects.
/// </summary>
public static class Pool
{
    public const int HttpPort = 8080;
    public const int OpsPort = 8081;

    /// <summary>Prometheus job names: WordPress' object cache, and the container.</summary>
    internal const string ObjectCacheJob = "object-cache";
    public const string ContainerJob = "container";

    public static string Name(string tier) => $"pool-{tier}";

    internal static ServiceEndpoint Pages(string tier) => ServiceEndpoint.Http(Name(tier), HttpPort);

    internal static Service Service(FarmDesign farm, string tier, TierOptions options) =>
        new()
        {
            Name = Name(tier),
            Layer = Layer.Application,
            Description = $"WordPress for the sites of tier {tier}",
            Image = WordPress.Image,
            Files =
            [
                .. WordPress.Files(farm, Backends.Live),
                .. WordPress.WebFiles(farm, RequestLimits.Of(options), [.. farm.Sites.Where(site => site.Tier == tier)]),
                .. WordPress.PhpFpmFiles(options.Workers, options.PhpMemory, RequestLimits.Of(options)),
            ],
            Reload = WordPress.Reload,
            ServesVisitors = true,
            Secrets = [Secret.SitesKey, Secret.Redis, Secret.SiteLoginKey],
            SecretsFolder = WordPress.SecretsFolder,
            RootReason = WordPress.RootReason,
            Capabilities = WordPress.Capabilities,
            Networks = [Network.WordPress, Network.Caching],
            Mounts = [new Mount(Volume.Uploads, WordPress.UploadsPath), new Mount($"spool-{tier}", WordPress.SpoolPath) { IsSpool = true }],
            Tmpfs = WordPress.Tmpfs,
            Health = WordPress.Health,
            Calls = WordPress.Calls,
            Scrapes = Scrapes(ServiceEndpoint.Http(Name(tier), OpsPort)),
            Limits = new ResourceLimits(options.Cpus, options.Memory),
            Replicas = new Replicas(options.Replicas.Min, options.Replicas.Max),
            FollowsLoad = options.Scaling.Enabled,
            Placement = new Placement { Role = NodeRole.App, MaxPerNode = MostPerNode(farm, options) },
            QuickStopSignal = "SIGINT",
            // Covers the drain and then the longest request.
            StopGrace = RequestLimits.Of(options).Time + TimeSpan.FromSeconds(15),
        };

    private static IReadOnlyList<Scrape> Scrapes(ServiceEndpoint operations) =>
        [
            new(ObjectCacheJob, operations) { Replicated = true, Path = "/metrics/cache" },
            new(ContainerJob, operations) { Replicated = true, Path = "/metrics/container" },
        ];

    /// <summary>
    /// Containers per node: the maximum spread evenly with one node lost, plus one, because an update starts the new container first.
    /// </summary>
    private static int MostPerNode(FarmDesign farm, TierOptions options)
    {
        var nodes = NodePlan.Of(farm.Options.Swarm.Nodes).Count(node => node.Roles.Contains(NodeRole.App));
        return farm.Redundant.Max > 1 ? (int)Math.Ceiling((options.Replicas.Max + 1) / (nodes - 1.0)) : 0;
    }
}
