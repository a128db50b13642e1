using System.Globalization;
using System.Net;

namespace WpFarm.Topology.FarmFile;

/// <summary>What the databases of farm.json say about the countries and autonomous systems that its lists name.</summary>
internal sealed record VisitorNetworks
{
    /// <summary>HAProxy needs 0.2 kB for a network, and twice while it loads another configuration.</summary>
    public const int Most = 500_000;

    public const string CountryKey = "edge.countryDatabase";
    public const string SystemKey = "edge.asnDatabase";

    /// <summary>The fewest networks of each group, sorted. Empty if no list names a group, or nobody has read the databases.</summary>
    public IReadOnlyDictionary<NetworkGroup, IReadOnlyList<IPNetwork>> Groups { get; private init; } =
        new Dictionary<NetworkGroup, IReadOnlyList<IPNetwork>>();

    /// <summary>When each database was built, by its key.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Built { get; private init; } = new Dictionary<string, DateTimeOffset>();

    public int Count => Groups.Values.Sum(networks => networks.Count);

    public static string KeyOf(NetworkGroupKind kind) => kind is NetworkGroupKind.Country ? CountryKey : SystemKey;

    public static string? DatabaseOf(EdgeOptions edge, NetworkGroupKind kind) =>
        kind is NetworkGroupKind.Country ? edge.CountryDatabase : edge.AsnDatabase;

    /// <summary>Reads the databases that farm.json names. Reports each of their problems, and each group that they lack.</summary>
    public static VisitorNetworks Read(FarmOptions options, INetworkDatabases databases, List<FarmFileProblem> problems)
    {
        var named = VisitorLists
            .Of(options)
            .SelectMany(list => list.Entries.Select(entry => (list.Key, Group: NetworkGroup.Parse(entry))))
            .Where(entry => entry.Group is not null)
            .ToLookup(entry => entry.Group!, entry => entry.Key);
        var groups = new Dictionary<NetworkGroup, IReadOnlyList<IPNetwork>>();
        var built = new Dictionary<string, DateTimeOffset>();
        foreach (var kind in Enum.GetValues<NetworkGroupKind>())
        {
            if (DatabaseOf(options.Edge, kind) is not { } path)
                continue;
            try
            {
                var wanted = named.Select(entry => entry.Key).Where(group => group.Kind == kind).ToHashSet();
                var database = databases.Read(path, kind, wanted);
                built[KeyOf(kind)] = database.Built;
                foreach (var (group, networks) in database.Networks)
                    groups[group] = [.. new AddressSet(networks).Networks()];
                problems.AddRange(wanted.Except(groups.Keys).SelectMany(group => named[group].Select(key => Unknown(key, group, path))));
            }
            catch (NetworkDatabaseException e)
            {
                problems.Add(new(KeyOf(kind), e.Message));
            }
        }

        var read = new VisitorNetworks { Groups = groups, Built = built };
        if (read.Count > Most)
            problems.Add(TooMany(read, named));
        return read;
    }

    private static FarmFileProblem Unknown(string key, NetworkGroup group, string path) =>
        new(
            key,
            $"'{group}' has no network in {path} ({KeyOf(group.Kind)}). "
                + (
                    group.Kind is NetworkGroupKind.Country
                        ? "Countries have the two letters of ISO 3166, for example DE or GB."
                        : "Check the number, or take the entry out."
                )
        );

    private static FarmFileProblem TooMany(VisitorNetworks read, ILookup<NetworkGroup, string> named)
    {
        var (largest, networks) = read.Groups.MaxBy(group => group.Value.Count);
        return new(
            named[largest].First(),
            string.Create(
                CultureInfo.InvariantCulture,
                $"the lists of farm.json name countries and networks that have {read.Count:N0} ranges of addresses together, "
            )
                + string.Create(CultureInfo.InvariantCulture, $"and an edge can hold {Most:N0}. '{largest}' has {networks.Count:N0}. ")
                + "Name fewer, or name the few that may come in allow."
        );
    }
}
