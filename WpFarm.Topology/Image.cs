namespace WpFarm.Topology;

/// <summary>The image that a container runs.</summary>
public abstract record Image
{
    /// <summary>Built from <c>images/FOLDER</c> on the farm's own base; tagged with a hash of its inputs.</summary>
    public sealed record FirstParty(string Folder) : Image
    {
        public override string ToString() => $"wpfarm/{Folder}";
    }

    /// <summary>Pulled from a registry at a pinned version; see <see cref="UpstreamImages"/>.</summary>
    public sealed record Upstream(string Repository, string Tag) : Image
    {
        public string Reference => $"{Repository}:{Tag}";

        public override string ToString() => Reference;
    }
}
