using System.Text;
using System.Text.RegularExpressions;

namespace WpFarm.Topology.Diagram;

/// <summary>The farm as a Mermaid flowchart: a box per service, a subgraph per layer, an arrow per <see cref="Call"/>.</summary>
public static partial class Mermaid
{
    /// <summary>
    /// Draws numbered services of one kind (redis-1 … redis-6) as one box, and omits monitoring: both would hide the request path.
    /// </summary>
    public static string Write(Farm farm)
    {
        var shown = farm.Services.Concat(farm.Omitted.Select(o => o.Service)).ToList();
        var text = new StringBuilder("flowchart TB\n  visitors([Cloudflare: DNS, CDN, WAF]) --> ")
            .Append(Box(Entrance(shown).Name))
            .Append('\n');
        foreach (var layer in shown.GroupBy(s => s.Layer).OrderBy(g => g.Key))
        {
            text.Append("  subgraph ").Append(layer.Key).Append('\n');
            foreach (var box in layer.GroupBy(s => Box(s.Name)))
                text.Append("    ").Append(box.Key).Append("[\"").Append(Label([.. box])).Append("\"]\n");
            text.Append("  end\n");
        }

        foreach (var edge in Edges(shown))
            text.Append("  ").Append(edge).Append('\n');
        return text.ToString();
    }

    private static Service Entrance(IReadOnlyList<Service> shown) => shown.First(s => s.Layer is Layer.ReverseProxy);

    private static IEnumerable<string> Edges(IReadOnlyList<Service> shown)
    {
        var owners = shown
            .SelectMany(s => s.Networks.SelectMany(n => n.Aliases).Prepend(s.Name).Select(name => (name, s)))
            .DistinctBy(pair => pair.name)
            .ToDictionary(pair => pair.name, pair => pair.s);
        var calls =
            from service in shown
            from call in service.Calls
            where call.Kind is not CallKind.Monitoring && owners.ContainsKey(call.Endpoint.Host)
            select (From: Box(service.Name), To: Box(owners[call.Endpoint.Host].Name), call.Label);
        var mounts =
            from service in shown
            from mount in service.Mounts
            where mount.Source == Volume.Uploads
            select $"{Box(service.Name)} --> {Volume.Uploads}[(uploads: NFS or a volume)]";
        return calls
            .GroupBy(c => (c.From, c.To))
            .Select(c => $"{c.Key.From} -->|{string.Join(", ", c.Select(e => e.Label).Distinct())}| {c.Key.To}")
            .Concat(mounts.Distinct());
    }

    private static string Label(IReadOnlyList<Service> box)
    {
        var count = box.Count > 1 ? box.Count : box[0].Replicas.Min;
        return $"{Box(box[0].Name)}{(count > 1 ? $" ×{count}" : "")}<br/>{box[0].Description}";
    }

    /// <summary><c>redis-3</c> is shown as <c>redis</c>.</summary>
    private static string Box(string service) => Numbered().Replace(service, "");

    [GeneratedRegex(@"-\d+$")]
    private static partial Regex Numbered();
}
