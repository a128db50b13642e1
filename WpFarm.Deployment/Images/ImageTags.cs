using WpFarm.Topology;

namespace WpFarm.Deployment.Images;

/// <summary>Gives the full references of a farm's images, as manifests name them.</summary>
/// <param name="FirstParty">Tag of each first-party image, by its folder under <c>images/</c>.</param>
/// <param name="Registry">Prefix of first-party images; null on a single machine.</param>
public sealed record ImageTags(IReadOnlyDictionary<string, string> FirstParty, string? Registry = null)
{
    public string Reference(Image image) =>
        image switch
        {
            Image.FirstParty own => $"{(Registry is null ? "wpfarm" : Registry.TrimEnd('/'))}/{own.Folder}:{FirstParty[own.Folder]}",
            Image.Upstream upstream => upstream.Reference,
            _ => throw new ArgumentOutOfRangeException(nameof(image)),
        };
}
