using System.Net;

namespace WpFarm.Topology.FarmFile;

/// <summary>The databases that farm.json names. They know the networks of countries and of autonomous systems.</summary>
public interface INetworkDatabases
{
    /// <param name="path">The database, as farm.json names it.</param>
    /// <param name="kind">What the database must know.</param>
    /// <param name="wanted">Groups of this kind, whose networks are returned.</param>
    /// <exception cref="NetworkDatabaseException">The database cannot be read.</exception>
    NetworkDatabase Read(string path, NetworkGroupKind kind, IReadOnlySet<NetworkGroup> wanted);
}

/// <param name="Built">When its maker built the database.</param>
/// <param name="Networks">The networks of each wanted group that the database knows.</param>
public sealed record NetworkDatabase(DateTimeOffset Built, IReadOnlyDictionary<NetworkGroup, IReadOnlyList<IPNetwork>> Networks);

/// <summary>A database cannot be read.</summary>
/// <param name="problem">What is wrong with it and what to do, to be read after its key in farm.json.</param>
public sealed class NetworkDatabaseException(string problem, Exception? cause = null) : Exception(problem, cause);
