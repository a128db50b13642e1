using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Edge;

namespace WpFarm.Topology;

/// <summary>The input from which each layer describes its services: the options, the sites, and the images that can be pulled.</summary>
internal sealed class FarmDesign(FarmOptions options, IReadOnlySet<Image.Upstream> missing)
{
    public FarmOptions Options { get; } = options;

    public IReadOnlyList<Site> Sites { get; } = options.Sites.Select(site => Resolve(site.Key, site.Value, options)).ToList();

    /// <summary>Tiers that have sites. Only these get a pool.</summary>
    public IReadOnlyList<KeyValuePair<string, TierOptions>> Tiers =>
        Options.Tiers.Where(tier => Sites.Any(site => site.Tier == tier.Key)).ToList();

    /// <summary>Tiers whose pool the autoscaler scales.</summary>
    public IEnumerable<KeyValuePair<string, TierOptions>> ScaledTiers => Tiers.Where(tier => tier.Value.Scaling.Enabled);

    /// <summary>
    /// Replicas of a service that must stay available and stores no data: two if the swarm survives the loss of a node, otherwise one.
    /// </summary>
    public Replicas Redundant { get; } = Replicas.Exactly(options.Swarm.IsAvailable ? 2 : 1);

    public bool IsMissing(Image image) => image is Image.Upstream upstream && missing.Contains(upstream);

    private static Site Resolve(string id, SiteOptions site, FarmOptions options) =>
        new(
            id,
            site.Title ?? id,
            site.Tier,
            PublicAddress.Of(options.Edge).UrlOf(site.HostsOf(id, options.Domain)[0]),
            site.HostsOf(id, options.Domain)
        )
        {
            Owner = site.Owner ?? $"admin@{options.Domain}",
            Locale = site.Locale,
            MailDomains = [.. site.HostsOf(id, options.Domain).Select(WithoutWww).Concat(site.Mail.Domains).Distinct()],
            Waf = site.Waf ?? (options.Tiers.TryGetValue(site.Tier, out var tier) ? tier.Waf : WafMode.Off),
            WafExcept = site.WafExcept,
            CapturesMail = options.Mail.Relay is null || site.Mail.Capture,
        };

    private static string WithoutWww(string host) => host.StartsWith("www.", StringComparison.Ordinal) ? host["www.".Length..] : host;
}
