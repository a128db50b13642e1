using System.Net;

namespace WpFarm.Topology.FarmFile;

/// <summary>Rules for the lists of who may visit the farm, and who may not.</summary>
internal static class AddressRules
{
    public static void Check(FarmOptions options, List<FarmFileProblem> problems)
    {
        foreach (var list in VisitorLists.Of(options))
            CheckWritten(list, options.Edge, problems);
        CheckDenied("edge.deny", options.Edge.Deny, problems);
        CheckVisitors("edge", options.Edge.Allow, options.Edge.Deny, options, problems);
        foreach (var (id, site) in options.Sites)
        {
            CheckDenied($"sites.{id}.deny", site.Deny, problems);
            CheckVisitors($"sites.{id}", site.Allow, [.. options.Edge.Deny, .. site.Deny], options, problems);
            if (
                AllOf(site.Allow, options) is { IsEmpty: false } here
                && AllOf(options.Edge.Allow, options) is { IsEmpty: false } everywhere
                && !here.Overlaps(everywhere)
            )
                problems.Add(
                    new(
                        $"sites.{id}.allow",
                        "names nobody whom edge.allow names, so nobody could visit the site. Name these addresses in edge.allow, too."
                    )
                );
        }
    }

    /// <summary>A single address, or a range. Null if the text is neither.</summary>
    internal static IPNetwork? Parse(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    private static void CheckWritten(VisitorList list, EdgeOptions edge, List<FarmFileProblem> problems)
    {
        foreach (var entry in list.Entries.Where(entry => Parse(entry) is null))
            if (NetworkGroup.Parse(entry) is not { } group)
                problems.Add(new(list.Key, $"'{entry}' {IsNot(NetworkGroup.KindOf(entry))}"));
            else if (VisitorNetworks.DatabaseOf(edge, group.Kind) is null)
                problems.Add(
                    new(
                        list.Key,
                        $"'{entry}' needs a database, which the farm does not bring. Name your own in "
                            + $"{VisitorNetworks.KeyOf(group.Kind)}, for example {Example(group.Kind)}."
                    )
                );
    }

    private static string IsNot(NetworkGroupKind? kind) =>
        kind switch
        {
            NetworkGroupKind.Country => "is not a country. Write the two letters of ISO 3166. Example: country:DE.",
            NetworkGroupKind.System => "is not the number of an autonomous system: 1 to 4294967295. Example: AS64496.",
            _ => "is not an address or a CIDR range, nor a country or an autonomous system. "
                + "Examples: 203.0.113.7, 203.0.113.0/24, 2001:db8::/32, country:DE, AS64496.",
        };

    private static string Example(NetworkGroupKind kind) =>
        kind is NetworkGroupKind.Country ? "GeoLite2-Country.mmdb" : "GeoLite2-ASN.mmdb";

    private static void CheckVisitors(
        string parent,
        IReadOnlyList<string> allow,
        IReadOnlyList<string> deny,
        FarmOptions options,
        List<FarmFileProblem> problems
    )
    {
        if (AllOf(allow, options) is { IsEmpty: false } allowed && allowed.IsWithin(KnownOf(deny, options)))
            problems.Add(new($"{parent}.allow", "names only addresses that are denied, so nobody could visit. Take some out of deny."));
    }

    private static void CheckDenied(string key, IReadOnlyList<string> deny, List<FarmFileProblem> problems)
    {
        if (deny.Select(Parse).OfType<IPNetwork>().Any(range => range.PrefixLength == 0))
            problems.Add(new(key, "names everybody. Name in allow who may visit instead: then nobody else may."));
    }

    /// <summary>
    /// The addresses of a list. Null if it names a group whose networks are not known, because it is invalid, or nobody has read the
    /// databases: then nothing can be said about the whole list.
    /// </summary>
    private static AddressSet? AllOf(IReadOnlyList<string> entries, FarmOptions options) =>
        entries.Any(entry => NetworkGroup.Parse(entry) is { } group && !options.VisitorNetworks.Groups.ContainsKey(group))
            ? null
            : KnownOf(entries, options);

    private static AddressSet KnownOf(IReadOnlyList<string> entries, FarmOptions options) =>
        new(
            entries.SelectMany(entry =>
                Parse(entry) is { } range ? [range]
                : NetworkGroup.Parse(entry) is { } group ? options.VisitorNetworks.Groups.GetValueOrDefault(group, [])
                : []
            )
        );
}
