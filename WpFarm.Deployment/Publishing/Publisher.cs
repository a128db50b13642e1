using WpFarm.Deployment.Images;
using WpFarm.Deployment.Instance;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Deployment.Publishing;

/// <summary>
/// Renders manifests from farm.json. Needs no engine: image tags come from the sources, whether the images are built or not.
/// </summary>
/// <param name="root">The repository's folder.</param>
public sealed class Publisher(string root)
{
    /// <param name="firstPartyOnly">Leave out upstream images, for swarms that reach no public registry.</param>
    public IReadOnlyList<PublishedFile> Render(FarmOptions options, FarmInstance instance, bool firstPartyOnly)
    {
        var farm = Design(options, firstPartyOnly);
        return Publication.Of(farm, instance.Project, Images(farm));
    }

    public static Farm Design(FarmOptions options, bool firstPartyOnly) =>
        Farm.Build(options, firstPartyOnly ? UpstreamImages.All.ToHashSet() : null);

    public ImageTags Images(Farm farm)
    {
        var sources = new ImageSources(root);
        return new(
            farm.Services.Select(s => s.Image)
                .OfType<Image.FirstParty>()
                .Select(i => i.Folder)
                .Distinct()
                .ToDictionary(folder => folder, sources.TagOf),
            farm.Options.Registry
        );
    }
}
