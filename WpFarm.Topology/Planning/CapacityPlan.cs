using System.Globalization;
using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Backups;
using WpFarm.Topology.Layers.Caching;
using WpFarm.Topology.Layers.Database;
using WpFarm.Topology.Layers.ReverseProxy;
using WpFarm.Topology.Nodes;

namespace WpFarm.Topology.Planning;

/// <summary>
/// Calculates how many nodes a number of sites needs, what runs on each, and what they cost. Pure: the same input gives the same plan.
/// </summary>
public sealed record CapacityPlan
{
    /// <summary>
    /// Highest planned utilization: above it, a node or a pool has no reserve for a failed neighbour. Also the autoscaler's threshold.
    /// </summary>
    private const double Utilisation = 0.7;

    /// <summary>Fraction of a node's memory for the limits of containers. The rest is for the system and its page cache.</summary>
    private const double MemoryForContainers = 0.85;

    private const int MostNodes = 40;

    public required Workload Workload { get; init; }

    public required NodeSize Size { get; init; }

    public required IReadOnlyList<Figure> Figures { get; init; }

    /// <summary>The options with the planned sizes, which <c>--apply</c> writes into farm.json.</summary>
    public required FarmOptions Options { get; init; }

    public required IReadOnlyList<PlannedNode> Nodes { get; init; }

    public required ByteSize SharedStorage { get; init; }

    public decimal CostPerMonth =>
        (Nodes.Count * Size.PricePerMonth) + decimal.Round(SharedStorage.Megabytes / 1024m * NodeSize.StoragePrice, 2);

    /// <summary>
    /// What is too small, and by how much, in normal operation and after the loss of any one node. Empty if the plan is sufficient.
    /// </summary>
    public required IReadOnlyList<string> Shortfalls { get; init; }

    /// <summary>
    /// The smallest number of nodes of one size that suffices. If none does, the largest number tried, with its shortfalls.
    /// </summary>
    /// <param name="options">The present options. Options that the workload does not determine are kept.</param>
    /// <param name="nodes">A fixed number of nodes. Null: as many as needed.</param>
    public static CapacityPlan For(Workload workload, FarmOptions options, NodeSize size, int? nodes = null)
    {
        if (nodes is { } wanted)
            return With(workload, options, size, wanted);
        // More nodes do not help a service that needs a larger node. Then the plan with the fewest shortfalls is returned.
        // Steps: three nodes that do everything, then five and more with separate roles.
        var plans = Enumerable
            .Range(5, MostNodes - 4)
            .Prepend(SwarmOptions.NodesForAvailability)
            .Select(count => With(workload, options, size, count));
        CapacityPlan? best = null;
        foreach (var plan in plans)
        {
            if (plan.Shortfalls.Count == 0)
                return plan;
            best = best is null || plan.Shortfalls.Count < best.Shortfalls.Count ? plan : best;
        }

        return best!;
    }

    private static CapacityPlan With(Workload workload, FarmOptions options, NodeSize size, int nodes)
    {
        var tier = options.Tiers[workload.Tier];
        var views = workload.Sites * (double)workload.ViewsPerDay / 86_400 * workload.PeakFactor;
        var pages = views * (1 - workload.HitRatio);
        var hits = (views * workload.HitRatio) + (views * workload.FilesPerView);
        var phpCores = pages * Measured.PhpSecondsPerPage;
        var replicas = Math.Max(2, (int)Math.Ceiling(phpCores / Utilisation / tier.Cpus));
        var bufferPool = ByteSize.MB(Math.Max(256, workload.Sites * workload.HotData.Megabytes));
        var redis = ByteSize.MB(Math.Max(64, (long)Math.Ceiling(workload.Sites * Measured.RedisPerSite.Megabytes / 3.0)));
        var varnish = ByteSize.MB(Math.Max(256, workload.Sites * Measured.VarnishPerSite.Megabytes));
        var uploads = ByteSize.MB(workload.Sites * workload.Uploads.Megabytes);
        var databases = ByteSize.MB(workload.Sites * workload.Database.Megabytes);
        var sized = options with
        {
            Swarm = options.Swarm with { Nodes = nodes },
            Tiers = options.Tiers.ToDictionary(
                t => t.Key,
                t =>
                    t.Key == workload.Tier
                        ? t.Value with
                        {
                            Replicas = new ReplicaOptions { Min = replicas, Max = Math.Min(100, replicas * 3) },
                        }
                        : t.Value
            ),
            Sites = new Dictionary<string, SiteOptions> { ["planned"] = new() { Tier = workload.Tier } },
            Database = options.Database with { Memory = Mariadb.MemoryFor(bufferPool) },
            Caching = options.Caching with { Redis = redis, Varnish = varnish },
        };
        // Several nodes need shared storage for uploads. The plan assumes a path; farm.json must name the real one.
        var farm = Farm.Build(
            sized with
            {
                Storage =
                    options.Storage.Uploads is UploadsKind.Volume
                        ? options.Storage with
                        {
                            Uploads = UploadsKind.Path,
                            UploadsPath = "/mnt/uploads",
                        }
                        : options.Storage,
            }
        );
        var load = new Load(phpCores, pages * Measured.OtherSecondsPerPage, hits * Measured.SecondsPerHit);
        return new CapacityPlan
        {
            Workload = workload,
            Size = size,
            Options = sized with { Sites = options.Sites },
            Nodes = Place(farm, nodes, size, load, lost: null),
            Shortfalls =
            [
                .. Missing(Place(farm, nodes, size, load, lost: null), size, ""),
                .. nodes < SwarmOptions.NodesForAvailability
                    ? []
                    : Enumerable
                        .Range(1, nodes)
                        .SelectMany(lost => Missing(Place(farm, nodes, size, load, lost), size, $"without node{lost}, ")),
            ],
            // Uploads and seven days of backups: a full backup per day, at half its size after compression.
            SharedStorage = new((uploads.Bytes * 2) + (databases.Bytes / 2 * 7)),
            Figures =
            [
                new(
                    "page views a second, at the peak",
                    views,
                    $"{workload.Sites} sites × {workload.ViewsPerDay} a day ÷ 86,400 s × {Text(workload.PeakFactor)}"
                ),
                new("pages from PHP a second", pages, $"× (1 − {Text(workload.HitRatio)} from the page cache)"),
                new("responses from the page cache a second", hits, $"the other views, and {workload.FilesPerView} files for each view"),
                new("cores for PHP", phpCores, $"× {Text(Measured.PhpSecondsPerPage)} s a page (measured)"),
                new("cores for the page cache", hits * Measured.SecondsPerHit, $"× {Text(Measured.SecondsPerHit)} s a response (measured)"),
                new(
                    "cores for database, objects, balancing",
                    pages * Measured.OtherSecondsPerPage,
                    $"× {Text(Measured.OtherSecondsPerPage)} s a page (measured)"
                ),
                new(
                    $"containers of tier {workload.Tier}",
                    replicas,
                    $"cores for PHP ÷ {Text(Utilisation)} busy ÷ {Text(tier.Cpus)} cores each; at least 2"
                ),
                new(
                    "InnoDB buffer pool of each server, MB",
                    bufferPool.Megabytes,
                    $"{workload.Sites} × {workload.HotData.Megabytes} MB read again and again; at least 256"
                ),
                new(
                    "memory of each database server, MB",
                    Mariadb.MemoryFor(bufferPool).Megabytes,
                    "as much again as the buffer pool, at least 320 MB, for the rest and for backups"
                ),
                new(
                    "data of each Redis node, MB",
                    redis.Megabytes,
                    $"{workload.Sites} × {Measured.RedisPerSite.Megabytes} MB (measured) ÷ 3 masters; at least 64"
                ),
                new(
                    "objects in Varnish, MB",
                    varnish.Megabytes,
                    $"{workload.Sites} × {Measured.VarnishPerSite.Megabytes} MB; at least 256"
                ),
                new(
                    "shared storage, GB",
                    uploads.Megabytes * 2 / 1024.0 + (databases.Megabytes / 2 * 7 / 1024.0),
                    $"uploads {workload.Uploads.Megabytes} MB a site × 2 (snapshots), "
                        + $"and 7 daily backups of {workload.Database.Megabytes} MB at half the size"
                ),
            ],
        };
    }

    /// <summary>
    /// Places each replica on the node of its role with the least reserved memory, largest replicas first. Two replicas of a service share
    /// a node only if no other node is available.
    /// </summary>
    /// <param name="lost">A lost node, whose pinned services are lost with it.</param>
    private static List<PlannedNode> Place(Farm farm, int count, NodeSize size, Load load, int? lost)
    {
        var plan = NodePlan.Of(count);
        var services = plan.ToDictionary(node => node.Number, _ => new List<Service>());
        var pinned = NodeLabels
            .Missing(farm, [.. plan.Select(node => new LabelledNode($"node{node.Number}", node.Manager, new HashSet<string>()))])
            .ToLookup(label => label.Node, label => label.Label);
        foreach (var service in farm.Services.Where(s => !s.IsJob).OrderByDescending(s => s.Limits.Memory))
        {
            var wanted = NodeLabels.WantedBy(service, farm);
            var able = plan.Where(node => wanted.All(label => pinned[$"node{node.Number}"].Contains(label)))
                .Select(node => node.Number)
                .Where(number => number != lost)
                .ToList();
            if (able.Count == 0)
                continue;
            if (service.Placement.Global)
                able.ForEach(number => services[number].Add(service));
            else
                for (var i = 0; i < service.Replicas.Min; i++)
                    services[
                        able.OrderBy(number => services[number].Count(s => s == service))
                            .ThenBy(number => services[number].Sum(s => s.Limits.Memory.Bytes))
                            .First()
                    ]
                        .Add(service);
        }

        return
        [
            .. plan.Where(node => node.Number != lost)
                .Select(node => new PlannedNode(
                    node,
                    services[node.Number],
                    CpuOf(services[node.Number], services.Values, load),
                    size.Cpus * Utilisation,
                    new((long)(size.Memory.Bytes * MemoryForContainers))
                )),
        ];
    }

    /// <summary>Distributes a load evenly over the services that carry it.</summary>
    private static double CpuOf(List<Service> here, IEnumerable<List<Service>> everywhere, Load load)
    {
        var all = everywhere.SelectMany(services => services).ToList();
        return Share(s => s.Layer is Layer.Application && !IsScratch(s), load.Php)
            + Share(s => s.Name is Varnish.Name or Traefik.Name, load.Hits)
            + Share(
                s =>
                    (s.Layer is Layer.Database && !IsScratch(s))
                    || s.Name is HaProxy.Name
                    || s.Placement.AntiAffinity == Redis.AntiAffinity,
                load.Other
            );

        // Scratch services are idle except during a restoration, and no visitor waits for them.
        static bool IsScratch(Service s) => s.Name is MariadbScratch.Name or WordPressScratch.Name;

        double Share(Func<Service, bool> does, double cores) => all.Count(does) is var count and > 0 ? cores * here.Count(does) / count : 0;
    }

    private static IEnumerable<string> Missing(List<PlannedNode> nodes, NodeSize size, string when) =>
        [
            .. nodes
                .Where(node => node.Cpu > node.CpuLimit)
                .Select(node =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{when}node{node.Plan.Number} ({Roles(node)}): {node.Cpu:0.0} cores of load, "
                            + $"{node.Cpu - node.CpuLimit:0.0} more than {Text(Utilisation)} of {size.Cpus} cores"
                    )
                ),
            .. nodes
                .Where(node => node.Memory > node.MemoryLimit)
                .Select(node =>
                    $"{when}node{node.Plan.Number} ({Roles(node)}): {node.Memory.Megabytes} MB of memory limits, "
                    + $"{node.Memory.Megabytes - node.MemoryLimit.Megabytes} MB more than fit"
                ),
        ];

    private static string Roles(PlannedNode node) => string.Join(", ", node.Plan.Roles).ToLowerInvariant();

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>Load at the peak, in cores.</summary>
    private sealed record Load(double Php, double Other, double Hits);
}

/// <summary>A number of the plan, with its formula.</summary>
public sealed record Figure(string Name, double Value, string Formula);

/// <param name="Services">Replicas placed on the node.</param>
/// <param name="Cpu">Load at the peak, in cores.</param>
/// <param name="CpuLimit">Highest planned load, in cores.</param>
/// <param name="MemoryLimit">Memory available for the limits of containers.</param>
public sealed record PlannedNode(NodePlan Plan, IReadOnlyList<Service> Services, double Cpu, double CpuLimit, ByteSize MemoryLimit)
{
    /// <summary>Sum of the memory limits. All containers may reach theirs at the same time.</summary>
    public ByteSize Memory => new(Services.Sum(service => service.Limits.Memory.Bytes));
}
