using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Nodes;

namespace WpFarm.Topology.Layers.Application;

/// <summary>
/// The stateless containers (nginx and php-fpm) of one tier. Each serves every site of its tier: the code is in the image,
/// the host name picks the site, uploads are on shared storage, sessions and objects in Redis.
/// </summary>
internal static class Pool
{
    public const int HttpPort = 8080;
    public const int OpsPort = 8081;

    /// <summary>Longest that PHP works on one request; what is slower than a tenth of it goes to the slow log.</summary>
    private static readonly TimeSpan s_requestLimit = TimeSpan.FromSeconds(60);

    public static string Name(string tier) => $"pool-{tier}";

    public static Service Service(FarmDesign farm, string tier, TierOptions options) => new()
    {
        Name = Name(tier),
        Layer = Layer.Application,
        Description = $"WordPress for the sites of tier {tier}",
        Image = WordPress.Image,
        Files = [.. WordPress.Files(farm), PhpFpmConf(options)],
        Secrets = [Secret.SitesKey],
        Networks = [Network.WordPress, Network.Caching],
        Mounts = [new Mount(Volume.Uploads, WordPress.UploadsPath)],
        Tmpfs = WordPress.Tmpfs,
        Health = new HealthCheck("curl", "--silent", "--fail", "--max-time", "2", "--output", "/dev/null", $"http://127.0.0.1:{HttpPort}/healthz"),
        Calls = WordPress.Calls,
        Limits = new Limits(options.Cpus, options.Memory),
        Replicas = new Replicas(options.Replicas.Min, options.Replicas.Max),
        Placement = new Placement { Role = NodeRole.App, MaxPerNode = MostPerNode(farm, options) },
        // Draining, then the longest request.
        StopGrace = s_requestLimit + TimeSpan.FromSeconds(15),
    };

    /// <summary>Evenly, with one node lost, and one container more than the most while an update starts the new one first.</summary>
    private static int MostPerNode(FarmDesign farm, TierOptions options)
    {
        var nodes = NodePlan.Of(farm.Options.Swarm.Nodes).Count(node => node.Roles.Contains(NodeRole.App));
        return farm.Redundant.Max > 1 ? (int)Math.Ceiling((options.Replicas.Max + 1) / (nodes - 1.0)) : 0;
    }

    private static MountedFile PhpFpmConf(TierOptions options) => new(
        "/etc/farm/php-fpm.conf",
        Embedded.Text(
            "Application/php-fpm.conf",
            ("pm_max_children", $"{options.Workers}"),
            ("memory_limit", $"{options.PhpMemory}"),
            ("request_terminate_timeout", $"{s_requestLimit.TotalSeconds}s"),
            ("request_slowlog_timeout", $"{s_requestLimit.TotalSeconds / 10}s")));
}
