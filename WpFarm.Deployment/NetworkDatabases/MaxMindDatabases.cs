using System.Globalization;
using System.Net;
using MaxMind.Db;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Deployment.NetworkDatabases;

/// <summary>Reads MaxMind DB files (.mmdb): MaxMind's own, and those of others who use the same keys, such as DB-IP.</summary>
/// <param name="folder">The folder of farm.json, to which the paths of the files are relative.</param>
internal sealed class MaxMindDatabases(string folder) : INetworkDatabases
{
    public NetworkDatabase Read(string path, NetworkGroupKind kind, IReadOnlySet<NetworkGroup> wanted)
    {
        var file = Path.Combine(folder, path);
        if (!File.Exists(file))
            throw new NetworkDatabaseException($"{file} does not exist. Put the database there, or name another file.");
        try
        {
            using var reader = new Reader(file, FileAccessMode.Memory);
            var type = reader.Metadata.DatabaseType;
            if (!type.Contains(Word(kind), StringComparison.Ordinal))
                throw new NetworkDatabaseException(
                    $"{file} is a database of the type '{type}'. Use one whose type has '{Word(kind)}' in it, "
                        + $"for example GeoLite2-{Word(kind)}."
                );
            return new(
                new DateTimeOffset(reader.Metadata.BuildDate, TimeSpan.Zero),
                kind is NetworkGroupKind.Country
                    ? Networks<CountryRecord>(reader, wanted, found => GroupOf(found.Country?.Code))
                    : Networks<SystemRecord>(reader, wanted, found => GroupOf(found.Number))
            );
        }
        catch (InvalidDatabaseException e)
        {
            throw new NetworkDatabaseException($"{file} is not an intact MaxMind DB file: {e.Message} Download it again.", e);
        }
        catch (DeserializationException e)
        {
            throw new NetworkDatabaseException(
                $"{file} does not say what the farm needs in the way of GeoLite2-{Word(kind)}: {e.Message} Use a database that does.",
                e
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NetworkDatabaseException($"{file} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>What the type of a suitable database has in it, whoever made it.</summary>
    private static string Word(NetworkGroupKind kind) => kind is NetworkGroupKind.Country ? "Country" : "ASN";

    private static NetworkGroup? GroupOf(string? code) => code is null ? null : new(NetworkGroupKind.Country, code);

    private static NetworkGroup? GroupOf(long? number) =>
        number is { } known ? new(NetworkGroupKind.System, known.ToString(CultureInfo.InvariantCulture)) : null;

    private static Dictionary<NetworkGroup, IReadOnlyList<IPNetwork>> Networks<T>(
        Reader reader,
        IReadOnlySet<NetworkGroup> wanted,
        Func<T, NetworkGroup?> groupOf
    )
        where T : class =>
        wanted.Count == 0
            ? []
            : reader
                .FindAll<T>()
                .Select(node => (Group: groupOf(node.Data), Network: new IPNetwork(node.Start, node.PrefixLength)))
                .Where(found => found.Group is not null && wanted.Contains(found.Group))
                .GroupBy(found => found.Group!, found => found.Network)
                .ToDictionary(group => group.Key, IReadOnlyList<IPNetwork> (group) => [.. group]);
}
