using System.Text.RegularExpressions;

namespace WpFarm.Topology.Diagram;

/// <summary>The text of a box.</summary>
/// <param name="Id">The service name without its number: <c>redis</c> for redis-1 to redis-6.</param>
internal sealed partial record BoxContent(string Id, string Title, string Caption, IReadOnlyList<Service> Services)
{
    public Layer Layer => Services.Count > 0 ? Services[0].Layer : Layer.Edge;

    public bool ServesVisitors => Services.Any(service => service.ServesVisitors);

    /// <summary>True for a job, which runs to completion.</summary>
    public bool IsJob => Services.Any(service => service.IsJob);

    /// <summary>The networks of the services, in the order of <see cref="Network.All"/>.</summary>
    public IReadOnlyList<Network> Networks { get; } =
    [.. Network.All.Where(network => Services.Any(service => service.IsOn(network.Name)))];

    /// <summary>Joins numbered services into one box. Shows omitted services too, because they belong to the design.</summary>
    public static List<BoxContent> Of(Farm farm)
    {
        var boxes = farm
            .Services.Concat(farm.Omitted.Select(omission => omission.Service))
            .GroupBy(service => KindOf(service))
            .Select(kind => Of(kind.Key, [.. kind]))
            .ToList();
        var distances = Distances(boxes.FindAll(box => farm.Services.Contains(box.Services[0])));
        return
        [
            .. boxes
                .OrderBy(box => distances.GetValueOrDefault(box, int.MaxValue))
                .ThenBy(box => boxes.Any(other => other.Layer is Layer.Storage && box.Layer is Layer.Storage && other.Calls(box))),
        ];
    }

    /// <summary>True when a service of this box connects to a service of the other.</summary>
    public bool Calls(BoxContent other) => Services.Any(service => service.Calls.Any(call => other.Answers(call.Endpoint.Host)));

    public bool Mounts(string volume) => Services.Any(service => service.Mounts.Any(mount => mount.Source == volume));

    private bool Answers(string name) =>
        Services.Any(service => service.Name == name || service.Networks.Any(network => network.Aliases.Contains(name)));

    private static BoxContent Of(string kind, IReadOnlyList<Service> services)
    {
        var (min, max) = (services.Sum(service => service.Replicas.Min), services.Sum(Most));
        var count = (min, max) switch
        {
            (1, 1) => "",
            _ when min == max => $" ×{min}",
            _ => $" ×{min}–{max}",
        };
        var description = services[0].Description.Split(';')[0];
        return new(kind, kind + count, services.Count > 1 ? Number().Replace(description, "") : description, services);
    }

    private static int Most(Service service) => service.FollowsLoad ? service.Replicas.Max : service.Replicas.Min;

    /// <summary>
    /// For each box, the number of calls between it and the first service that visitors reach. Boxes that visitors do not reach, and
    /// boxes of omitted services, are not in the dictionary.
    /// </summary>
    private static Dictionary<BoxContent, int> Distances(IReadOnlyList<BoxContent> boxes)
    {
        var distances = new Dictionary<BoxContent, int>();
        var next = boxes.Where(box => box.Layer is Layer.ReverseProxy).Take(1).ToList();
        for (var distance = 0; next.Count > 0; distance++)
        {
            next.ForEach(box => distances[box] = distance);
            var here = next;
            next = [.. boxes.Where(box => !distances.ContainsKey(box) && here.Any(from => from.ServesVisitors && from.Calls(box)))];
        }

        return distances;
    }

    /// <summary>
    /// The service name without its number: <c>redis</c> for <c>redis-3</c>, <c>mariadb-p</c> for <c>mariadb-p2</c>. The name of a pool is
    /// kept, because the operator chooses it.
    /// </summary>
    private static string KindOf(Service service) => service.Layer is Layer.Application ? service.Name : Number().Replace(service.Name, "");

    [GeneratedRegex(@"[- ]?\d+$")]
    private static partial Regex Number();
}
