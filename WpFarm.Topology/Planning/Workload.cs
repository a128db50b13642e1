using System.ComponentModel;

namespace WpFarm.Topology.Planning;

/// <summary>The expected load of the sites. The defaults are assumptions; replace them by measurements of your own sites.</summary>
/// <param name="Sites">Number of sites, all of one tier. 1 to 10,000.</param>
/// <param name="Tier">Name of the tier in farm.json.</param>
public sealed record Workload(int Sites, string Tier)
{
    public const int MostSites = 10_000;

    [Description("Page views a day of one site.")]
    public int ViewsPerDay { get; init; } = 5_000;

    [Description("Load of the busiest second of a day, as a multiple of the average.")]
    public double PeakFactor { get; init; } = 5;

    [Description("Fraction of page views that the page cache answers. Lower for shops and logged-in readers.")]
    public double HitRatio { get; init; } = 0.75;

    [Description("Requests for images, styles and scripts per page view. The page cache answers them.")]
    public int FilesPerView { get; init; } = 20;

    [Description("Rows and indexes of one site that are read again and again.")]
    public ByteSize HotData { get; init; } = ByteSize.MB(10);

    [Description("The whole database of one site.")]
    public ByteSize Database { get; init; } = ByteSize.MB(50);

    [Description("Uploads of one site.")]
    public ByteSize Uploads { get; init; } = ByteSize.MB(500);
}

/// <summary>
/// Measured resource use, on a virtual machine with two cores of about 2.6 GHz: docs/performance.md, measured by <c>bench/run</c>.
/// </summary>
public static class Measured
{
    /// <summary>
    /// CPU seconds of PHP for a page of WordPress with its default theme. 8 busy workers used 1.02 cores at 15.6 pages/s.
    /// </summary>
    public const double PhpSecondsPerPage = 0.065;

    /// <summary>CPU seconds of MariaDB, Redis and the balancers for such a page, while the object cache is warm.</summary>
    public const double OtherSecondsPerPage = 0.010;

    /// <summary>CPU seconds of HAProxy and Varnish for a cached response: 4,120 a second on two cores, load generator included.</summary>
    public const double SecondsPerHit = 0.0004;

    /// <summary>Objects of one site in Redis, not counting replicas.</summary>
    public static readonly ByteSize RedisPerSite = ByteSize.MB(1);

    /// <summary>Compressed pages and files of one site in Varnish: 100 pages of 11 KB, and its files.</summary>
    public static readonly ByteSize VarnishPerSite = ByteSize.MB(8);
}

/// <summary>A size of rented machine.</summary>
/// <param name="PricePerMonth">US dollars per month.</param>
public sealed record NodeSize(string Name, int Cpus, ByteSize Memory, ByteSize Disk, decimal PricePerMonth)
{
    /// <summary>Price of block storage, per GB and month.</summary>
    public const decimal StoragePrice = 0.10m;

    /// <summary>List prices of DigitalOcean's basic droplets, November 2025.</summary>
    public static IReadOnlyList<NodeSize> All { get; } =
    [
        new("small", 2, ByteSize.GB(4), ByteSize.GB(80), 24),
        new("medium", 4, ByteSize.GB(8), ByteSize.GB(160), 48),
        new("large", 8, ByteSize.GB(16), ByteSize.GB(320), 96),
    ];
}
