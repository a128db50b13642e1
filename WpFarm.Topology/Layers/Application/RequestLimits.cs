using WpFarm.Topology.FarmFile;

namespace WpFarm.Topology.Layers.Application;

/// <summary>Limits of one request. php-fpm enforces the time; nginx, HAProxy and Varnish wait for <see cref="Longest"/>.</summary>
/// <param name="Time">php-fpm ends the request after it.</param>
/// <param name="Upload">The largest file.</param>
internal sealed record RequestLimits(TimeSpan Time, ByteSize Upload)
{
    /// <summary>Longer than any limit that farm.json allows.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(300);

    /// <summary>The other fields of a form, and what stands between its parts.</summary>
    private const int FormMegabytes = 4;

    /// <summary>The body of a request with the largest upload.</summary>
    public ByteSize Body => ByteSize.MB(Upload.Megabytes + FormMegabytes);

    public static RequestLimits Of(TierOptions tier) => new(TimeSpan.FromSeconds(tier.RequestSeconds), tier.Upload);

    /// <summary>The largest limits of all tiers, for a service that serves them all.</summary>
    public static RequestLimits Of(FarmDesign farm)
    {
        var tiers = farm.Tiers.Select(tier => tier.Value).DefaultIfEmpty(new TierOptions()).ToList();
        return new(TimeSpan.FromSeconds(tiers.Max(tier => tier.RequestSeconds)), tiers.Max(tier => tier.Upload));
    }
}
