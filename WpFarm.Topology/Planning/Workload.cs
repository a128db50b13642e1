using System.ComponentModel;

namespace WpFarm.Topology.Planning;

/// <summary>What the sites are expected to do. Assumptions, to be replaced by what one's own sites do.</summary>
/// <param name="Sites">How many, all of one tier. 1 to 10,000.</param>
/// <param name="Tier">Name of the tier in farm.json.</param>
public sealed record Workload(int Sites, string Tier)
{
    public const int MostSites = 10_000;

    [Description("Page views a day of one site.")]
    public int ViewsPerDay { get; init; } = 5_000;

    [Description("The busiest second of a day over its average.")]
    public double PeakFactor { get; init; } = 5;

    [Description("Part of the page views that the page cache answers: less with shops and logged-in readers.")]
    public double HitRatio { get; init; } = 0.75;

    [Description("Requests of a page view for images, styles and scripts; the page cache answers them.")]
    public int FilesPerView { get; init; } = 20;

    [Description("Rows and indexes of one site that are read again and again.")]
    public ByteSize HotData { get; init; } = ByteSize.MB(10);

    [Description("The whole database of one site.")]
    public ByteSize Database { get; init; } = ByteSize.MB(50);

    [Description("Uploads of one site.")]
    public ByteSize Uploads { get; init; } = ByteSize.MB(500);
}

/// <summary>
/// What one farm was seen to need, on a virtual machine with two cores of 2.6 GHz or so: README, "Figures", which <c>bench/run</c>
/// measures.
/// </summary>
public static class Measured
{
    /// <summary>CPU seconds of PHP for a page of WordPress with the theme it comes with. 8 busy workers used 1.02 cores at 15.6 pages/s.</summary>
    public const double PhpSecondsPerPage = 0.065;

    /// <summary>CPU seconds of MariaDB, Redis and the balancers for such a page, while the object cache is warm.</summary>
    public const double OtherSecondsPerPage = 0.010;

    /// <summary>CPU seconds of HAProxy and Varnish for a cached response: 4,120 a second on two cores, load generator included.</summary>
    public const double SecondsPerHit = 0.0004;

    /// <summary>Objects of one site in Redis, without its replica.</summary>
    public static readonly ByteSize RedisPerSite = ByteSize.MB(1);

    /// <summary>Compressed pages and files of one site in Varnish: 100 pages of 11 KB, and its files.</summary>
    public static readonly ByteSize VarnishPerSite = ByteSize.MB(8);
}

/// <summary>A machine that one can rent.</summary>
/// <param name="PricePerMonth">In dollars.</param>
public sealed record NodeSize(string Name, int Cpus, ByteSize Memory, ByteSize Disk, decimal PricePerMonth)
{
    /// <summary>Block storage, per GB and month.</summary>
    public const decimal StoragePrice = 0.10m;

    /// <summary>List prices of DigitalOcean's basic droplets, which the seed names; November 2025.</summary>
    public static IReadOnlyList<NodeSize> All { get; } =
    [
        new("small", 2, ByteSize.GB(4), ByteSize.GB(80), 24),
        new("medium", 4, ByteSize.GB(8), ByteSize.GB(160), 48),
        new("large", 8, ByteSize.GB(16), ByteSize.GB(320), 96),
    ];
}
