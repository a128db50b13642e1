using System.Text;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Topology.Layers.ReverseProxy;

/// <summary>
/// Which addresses may visit the farm and each site: farm.json's lists, as rules of HAProxy. A visitor has to pass all of them.
/// </summary>
internal static class VisitorAddresses
{
    private const string Folder = "/etc/haproxy";

    private const string Refusal =
        "http-request return status 403 content-type text/plain string \"This address may not visit this site.\\n\"";

    /// <param name="Name">Of its file and its ACL.</param>
    /// <param name="Key">In farm.json.</param>
    /// <param name="Hosts">Of the site. Null: the list is for all sites.</param>
    /// <param name="Allows">True: only these addresses may come. False: these may not.</param>
    private sealed record List(string Name, string Key, IReadOnlyList<string>? Hosts, bool Allows, IReadOnlyList<string> Ranges);

    public static IEnumerable<MountedFile> Files(FarmDesign farm) =>
        Lists(farm)
            .Select(list => new MountedFile(
                $"{Folder}/{list.Name}.txt",
                $"# {list.Key} in farm.json\n" + string.Concat(list.Ranges.Select(range => $"{range}\n"))
            ));

    /// <summary>
    /// Refuses visitors. An authority may ask every host for the answer to its challenge, whoever may visit it.
    /// </summary>
    public static string Rules(FarmDesign farm)
    {
        var rules = new StringBuilder();
        foreach (var list in Lists(farm))
        {
            if (list.Hosts is { } hosts)
                rules.Append($"  acl {list.Name}-host var(txn.host) -m str {string.Join(' ', hosts)}\n");
            var where = list.Hosts is null ? "" : $" {list.Name}-host";
            var who = list.Allows ? $"!{list.Name} !{{ path_beg {HaProxy.Challenges} }}" : list.Name;
            rules.Append($"  acl {list.Name} src -f {Folder}/{list.Name}.txt\n  {Refusal} if{where} {who}\n");
        }

        return rules.ToString();
    }

    private static IEnumerable<List> Lists(FarmDesign farm) =>
        new List[]
        {
            new("allow", "edge.allow", null, true, farm.Options.Edge.Allow),
            new("deny", "edge.deny", null, false, farm.Options.Edge.Deny),
        }
            .Concat(farm.Sites.SelectMany(site => ListsOf(site, farm.Options.Sites[site.Id])))
            .Where(list => list.Ranges.Count > 0);

    private static IEnumerable<List> ListsOf(Site site, SiteOptions options) =>
        [
            new($"allow-{site.Id}", $"sites.{site.Id}.allow", site.Hosts, true, options.Allow),
            new($"deny-{site.Id}", $"sites.{site.Id}.deny", site.Hosts, false, options.Deny),
        ];
}
