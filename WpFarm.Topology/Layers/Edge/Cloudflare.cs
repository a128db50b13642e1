namespace WpFarm.Topology.Layers.Edge;

/// <summary>The outermost layer: not ours to run, but whom to believe about a visitor's address.</summary>
internal static class Cloudflare
{
    /// <summary>One CIDR range a line, with comments.</summary>
    public static string RangesFile => Embedded.Text("Edge/cloudflare-ips.txt");

    public static IReadOnlyList<string> Ranges =>
        RangesFile.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')).ToList();
}
