using System.Net;

namespace WpFarm.Topology.FarmFile;

/// <summary>Rules for the lists of addresses that may visit the farm, and those that may not.</summary>
internal static class AddressRules
{
    public static void Check(FarmOptions options, List<FarmFileProblem> problems)
    {
        CheckWritten("edge.allow", options.Edge.Allow, problems);
        CheckWritten("edge.deny", options.Edge.Deny, problems);
        CheckDenied("edge.deny", options.Edge.Deny, problems);
        CheckVisitors("edge", options.Edge.Allow, options.Edge.Deny, problems);
        foreach (var (id, site) in options.Sites)
        {
            CheckWritten($"sites.{id}.allow", site.Allow, problems);
            CheckWritten($"sites.{id}.deny", site.Deny, problems);
            CheckDenied($"sites.{id}.deny", site.Deny, problems);
            CheckVisitors($"sites.{id}", site.Allow, [.. options.Edge.Deny, .. site.Deny], problems);
            var (here, everywhere) = (Parsed(site.Allow), Parsed(options.Edge.Allow));
            if (here.Count > 0 && everywhere.Count > 0 && !Overlap(here, everywhere))
                problems.Add(
                    new(
                        $"sites.{id}.allow",
                        "names nobody whom edge.allow names, so nobody could visit the site. Name these addresses in edge.allow, too."
                    )
                );
        }
    }

    private static void CheckWritten(string key, IReadOnlyList<string> ranges, List<FarmFileProblem> problems) =>
        problems.AddRange(
            ranges
                .Where(range => Parse(range) is null)
                .Select(range => new FarmFileProblem(
                    key,
                    $"'{range}' is not an address or a CIDR range. " + "Examples: 203.0.113.7, 203.0.113.0/24, 2001:db8::/32."
                ))
        );

    private static void CheckVisitors(
        string parent,
        IReadOnlyList<string> allow,
        IReadOnlyList<string> deny,
        List<FarmFileProblem> problems
    )
    {
        var (allowed, denied) = (Parsed(allow), Parsed(deny));
        if (allowed.Count > 0 && allowed.TrueForAll(range => denied.Exists(other => Contains(other, range))))
            problems.Add(new($"{parent}.allow", "names only addresses that are denied, so nobody could visit. Take some out of deny."));
    }

    private static void CheckDenied(string key, IReadOnlyList<string> deny, List<FarmFileProblem> problems)
    {
        if (Parsed(deny).Exists(range => range.PrefixLength == 0))
            problems.Add(new(key, "names everybody. Name in allow who may visit instead: then nobody else may."));
    }

    private static List<IPNetwork> Parsed(IEnumerable<string> ranges) => [.. ranges.Select(Parse).OfType<IPNetwork>()];

    private static IPNetwork? Parse(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    private static bool Overlap(List<IPNetwork> some, List<IPNetwork> others) =>
        some.Exists(one => others.Exists(other => Contains(one, other) || Contains(other, one)));

    private static bool Contains(IPNetwork outer, IPNetwork inner) =>
        outer.PrefixLength <= inner.PrefixLength && outer.Contains(inner.BaseAddress);
}
