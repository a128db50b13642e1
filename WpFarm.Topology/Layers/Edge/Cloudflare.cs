namespace WpFarm.Topology.Layers.Edge;

/// <summary>The outermost layer. The farm does not run it, but trusts its servers to forward the visitor's address.</summary>
internal static class Cloudflare
{
    /// <summary>One CIDR range per line, with comments.</summary>
    public static string RangesFile => Embedded.Text("Edge/cloudflare-ips.txt");

    public static IReadOnlyList<string> Ranges =>
        RangesFile.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')).ToList();
}
