using WpFarm.Topology.FarmFile;

namespace WpFarm.Topology;

/// <summary>What the layers see while they describe their services: the options, the sites, and which images can be had.</summary>
internal sealed class FarmDesign(FarmOptions options, IReadOnlySet<Image.Upstream> missing)
{
    public FarmOptions Options { get; } = options;

    public IReadOnlyList<Site> Sites { get; } = options.Sites.Select(site => Resolve(site.Key, site.Value, options)).ToList();

    /// <summary>Tiers that have sites: only these get a pool.</summary>
    public IReadOnlyList<KeyValuePair<string, TierOptions>> Tiers =>
        Options.Tiers.Where(tier => Sites.Any(site => site.Tier == tier.Key)).ToList();

    /// <summary>Those whose pool follows its load.</summary>
    public IEnumerable<KeyValuePair<string, TierOptions>> ScaledTiers => Tiers.Where(tier => tier.Value.Scaling.Enabled);

    /// <summary>How often what has no data and must not be missing is there: twice where there are nodes enough to lose one.</summary>
    public Replicas Redundant { get; } = Replicas.Exactly(options.Swarm.IsAvailable ? 2 : 1);

    public bool IsMissing(Image image) => image is Image.Upstream upstream && missing.Contains(upstream);

    private static Site Resolve(string id, SiteOptions site, FarmOptions options) =>
        new(id, site.Title ?? id, site.Tier, UrlOf(site.HostsOf(id, options.Domain)[0], options.Edge), site.HostsOf(id, options.Domain));

    private static string UrlOf(string host, EdgeOptions edge) =>
        edge.Tls switch
        {
            TlsMode.Off => $"http://{host}{(edge.HttpPort == 80 ? "" : $":{edge.HttpPort}")}",
            _ => $"https://{host}{(edge.HttpsPort == 443 ? "" : $":{edge.HttpsPort}")}",
        };
}
