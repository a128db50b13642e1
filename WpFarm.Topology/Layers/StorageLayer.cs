using WpFarm.Topology.Layers.Backups;
using WpFarm.Topology.Layers.Storage;

namespace WpFarm.Topology.Layers;

/// <summary>
/// Layer 7: object storage, and the service that backs up the uploads into it. The other box of the design, shared storage for uploads,
/// is not a service but the volume <see cref="Volume.Uploads"/>, which is a directory or an NFS export.
/// </summary>
internal static class StorageLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) => [.. ObjectStorage.Services(farm), .. UploadsBackup.Services(farm)];
}
