namespace WpFarm.Topology;

/// <summary>The image that a container runs.</summary>
public abstract record Image
{
    /// <summary>Built from <c>images/FOLDER</c> on the farm's own base; tagged with a hash of its inputs.</summary>
    public sealed record FirstParty(string Folder) : Image
    {
        /// <summary>
        /// The first words of each first-party entrypoint: setpriv(1) sets <c>no_new_privs</c>, which every process inherits, and becomes
        /// the program. Manifests say the same (<c>security_opt</c>), but a swarm ignores it.
        /// </summary>
        public static IReadOnlyList<string> Unprivileged { get; } = ["setpriv", "--no-new-privs"];

        public override string ToString() => $"wpfarm/{Folder}";
    }

    /// <summary>Pulled from a registry at a pinned version; see <see cref="UpstreamImages"/>.</summary>
    public sealed record Upstream(string Repository, string Tag) : Image
    {
        public string Reference => $"{Repository}:{Tag}";

        public override string ToString() => Reference;
    }
}
