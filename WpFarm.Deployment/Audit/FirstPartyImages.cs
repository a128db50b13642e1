using Docker.DotNet.Models;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Images;
using WpFarm.Topology;

namespace WpFarm.Deployment.Audit;

/// <summary>The first-party images that a farm uses.</summary>
internal static class FirstPartyImages
{
    /// <summary>
    /// Those of the farm's containers. Of a service without a container here, the image that the sources would give.
    /// </summary>
    public static IReadOnlyList<string> Of(Farm farm, IEnumerable<ContainerListResponse> containers, ImageTags tags)
    {
        var here = containers.ToLookup(ContainerStates.ServiceOf, container => container.Image);
        return
        [
            .. farm
                .Services.Where(service => service.Image is Image.FirstParty)
                .SelectMany(service => here.Contains(service.Name) ? here[service.Name] : [tags.Reference(service.Image)])
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }
}
