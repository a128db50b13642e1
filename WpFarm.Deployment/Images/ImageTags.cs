using WpFarm.Topology;

namespace WpFarm.Deployment.Images;

/// <summary>Full references of the images of a farm: what stands in a manifest.</summary>
/// <param name="FirstParty">Folder under <c>images/</c> to tag.</param>
/// <param name="Registry">Put before first-party names; null on one box.</param>
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
