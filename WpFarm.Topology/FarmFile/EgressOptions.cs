using System.ComponentModel;

namespace WpFarm.Topology.FarmFile;

public sealed record EgressOptions
{
    [Description(
        "Addresses or CIDR ranges of private networks that the sites may reach, such as a server of the company. "
            + "All others are refused, and so are the farm's own networks."
    )]
    public IReadOnlyList<string> Private { get; init; } = [];
}
