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
            Sites = new OrderedDictionary<string, SiteOptions>(options.Sites.Select(site => KeyValuePair.Create(site.Key, Of(site.Value)))),
        };

    private static SiteOptions Of(SiteOptions site) =>
        site with
        {
            Hosts = [.. site.Hosts.Select(Of)],
            Owner = site.Owner is { } owner && MailAddresses.TryParse(owner, out var address) ? address : site.Owner,
        };

    private static string Of(string written) => HostName.TryParse(written, out var host) ? host : written;
}
