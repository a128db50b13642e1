namespace WpFarm.Topology.FarmFile;

/// <summary>A list of farm.json that says who may visit, or who may not.</summary>
/// <param name="Key">In farm.json.</param>
/// <param name="Entries">Addresses, ranges, countries and autonomous systems.</param>
internal sealed record VisitorList(string Key, IReadOnlyList<string> Entries);

internal static class VisitorLists
{
    public static IEnumerable<VisitorList> Of(FarmOptions options) =>
        options
            .Sites.SelectMany(site =>
                new VisitorList[] { new($"sites.{site.Key}.allow", site.Value.Allow), new($"sites.{site.Key}.deny", site.Value.Deny) }
            )
            .Prepend(new("edge.deny", options.Edge.Deny))
            .Prepend(new("edge.allow", options.Edge.Allow));
}
