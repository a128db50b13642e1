namespace WpFarm.Topology.FarmFile;

/// <summary>
/// Puts the host names of farm.json, which may be written in Unicode, into the ASCII form that the farm uses. A text that is not the name
/// of a host stays as it is, and the rules refuse it.
/// </summary>
internal static class AsciiHosts
{
    public static FarmOptions Of(FarmOptions options) =>
        options with
        {
            Domain = Of(options.Domain),
            Tiers = new OrderedDictionary<string, TierOptions>(options.Tiers.Select(tier => KeyValuePair.Create(tier.Key, Of(tier.Value)))),
            Sites = new OrderedDictionary<string, SiteOptions>(options.Sites.Select(site => KeyValuePair.Create(site.Key, Of(site.Value)))),
        };

    private static TierOptions Of(TierOptions tier) => tier with { Egress = tier.Egress?.Select(Of).ToList() };

    private static SiteOptions Of(SiteOptions site) =>
        site with
        {
            Hosts = [.. site.Hosts.Select(Of)],
            Mail = site.Mail with { Domains = [.. site.Mail.Domains.Select(Of)] },
            Owner = site.Owner is { } owner && MailAddresses.TryParse(owner, out var address) ? address : site.Owner,
        };

    private static string Of(string written) => HostName.TryParse(written, out var host) ? host : written;
}
