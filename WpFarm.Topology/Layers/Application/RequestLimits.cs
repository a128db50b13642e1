using WpFarm.Topology.FarmFile;

namespace WpFarm.Topology.Layers.Application;

/// <summary>Limits of one request. php-fpm enforces the time; nginx, HAProxy and Varnish wait for <see cref="Longest"/>.</summary>
/// <param name="Time">php-fpm aborts a request that takes longer.</param>
/// <param name="Upload">Size of the largest file that a visitor may upload.</param>
internal sealed record RequestLimits(TimeSpan Time, ByteSize Upload)
{
    /// <summary>Longer than any limit that farm.json allows.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(300);

    /// <summary>Room in a request body for the other form fields and the separators between the parts.</summary>
    private const int FormMegabytes = 4;

    /// <summary>Size of a request body with the largest upload.</summary>
    public ByteSize Body => ByteSize.MB(Upload.Megabytes + FormMegabytes);

    public static RequestLimits Of(TierOptions tier) => new(TimeSpan.FromSeconds(tier.RequestSeconds), tier.Upload);

    /// <summary>The largest limits of all tiers, for a service that serves every tier.</summary>
    public static RequestLimits Of(FarmDesign farm)
    {
        var tiers = farm.Tiers.Select(tier => tier.Value).DefaultIfEmpty(new TierOptions()).ToList();
        return new(TimeSpan.FromSeconds(tiers.Max(tier => tier.RequestSeconds)), tiers.Max(tier => tier.Upload));
    }
}
