using System.Net;
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

    /// <summary>Docker refuses a swarm config of more than 1,000 KB.</summary>
    private const int LongestFile = 900_000;

    /// <summary>A new database should change no limit, because that would replace the container.</summary>
    private const int NetworksPerStep = 100_000;

    /// <param name="Name">Of its file and its ACL.</param>
    /// <param name="Key">In farm.json.</param>
    /// <param name="Hosts">Of the site. Null: the list is for all sites.</param>
    /// <param name="Allows">True: only these may come. False: these may not.</param>
    private sealed record List(string Name, string Key, IReadOnlyList<string>? Hosts, bool Allows, IReadOnlyList<string> Entries)
    {
        public IEnumerable<string> Ranges => Entries.Where(entry => NetworkGroup.Parse(entry) is null);

        public IEnumerable<NetworkGroup> Groups => Entries.Select(NetworkGroup.Parse).OfType<NetworkGroup>().Distinct();
    }

    /// <summary>
    /// A file for each list, and files for each country and autonomous system, which HAProxy keeps once however many lists name it.
    /// </summary>
    public static IEnumerable<MountedFile> Files(FarmDesign farm) =>
        Lists(farm)
            .Where(list => list.Ranges.Any())
            .Select(list => new MountedFile(
                PathOf(list),
                $"# {list.Key} in farm.json\n" + string.Concat(list.Ranges.Select(range => $"{range}\n"))
            ))
            .Concat(Lists(farm).SelectMany(list => list.Groups).Distinct().SelectMany(group => Files(farm, group)));

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
            string[] own = list.Ranges.Any() ? [PathOf(list)] : [];
            // One line for each file: HAProxy limits the words of a line, and ACLs of one name are alternatives.
            foreach (var path in own.Concat(list.Groups.SelectMany(group => Files(farm, group)).Select(file => file.Path)))
                rules.Append($"  acl {list.Name} src -f {path}\n");
            rules.Append($"  {Refusal} if{where} {who}\n");
        }

        return rules.ToString();
    }

    /// <summary>Memory for the networks: 0.22 kB for each, measured, and twice, because a reload has two workers for a while.</summary>
    public static int Megabytes(FarmDesign farm) => 50 * ((farm.Options.VisitorNetworks.Count + NetworksPerStep - 1) / NetworksPerStep);

    private static string PathOf(List list) => $"{Folder}/{list.Name}.txt";

    private static IEnumerable<MountedFile> Files(FarmDesign farm, NetworkGroup group)
    {
        var parts = Parts(farm.Options.VisitorNetworks.Groups.GetValueOrDefault(group, [])).DefaultIfEmpty("");
        var name = group.Kind is NetworkGroupKind.Country ? $"country-{group.Name.ToLowerInvariant()}" : $"as{group.Name}";
        var head = $"# {group}, from {VisitorNetworks.KeyOf(group.Kind)} in farm.json\n";
        return parts.Select((part, index) => new MountedFile($"{Folder}/{name}{(index == 0 ? "" : $"-{index + 1}")}.txt", head + part));
    }

    private static IEnumerable<string> Parts(IReadOnlyList<IPNetwork> networks)
    {
        var part = new StringBuilder();
        foreach (var network in networks)
        {
            part.Append($"{network}\n");
            if (part.Length < LongestFile)
                continue;
            yield return part.ToString();
            part.Clear();
        }

        if (part.Length > 0)
            yield return part.ToString();
    }

    private static IEnumerable<List> Lists(FarmDesign farm) =>
        new List[]
        {
            new("allow", "edge.allow", null, true, farm.Options.Edge.Allow),
            new("deny", "edge.deny", null, false, farm.Options.Edge.Deny),
        }
            .Concat(farm.Sites.SelectMany(site => ListsOf(site, farm.Options.Sites[site.Id])))
            .Where(list => list.Entries.Count > 0);

    private static IEnumerable<List> ListsOf(Site site, SiteOptions options) =>
        [
            new($"allow-{site.Id}", $"sites.{site.Id}.allow", site.Hosts, true, options.Allow),
            new($"deny-{site.Id}", $"sites.{site.Id}.deny", site.Hosts, false, options.Deny),
        ];
}
