using System.Net;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology.FarmFile;

/// <summary>A database that gives every group one network, and a newer one that gives it another.</summary>
internal sealed class TwoDatabases : INetworkDatabases
{
    public NetworkDatabase Read(string path, NetworkGroupKind kind, IReadOnlySet<NetworkGroup> wanted) =>
        new(
            DateTimeOffset.UnixEpoch,
            wanted.ToDictionary(
                group => group,
                IReadOnlyList<IPNetwork> (_) => [IPNetwork.Parse(path == "newer.mmdb" ? "192.0.2.0/24" : "198.51.100.0/24")]
            )
        );
}
