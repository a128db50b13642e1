using WpFarm.Backups.Store;

namespace WpFarm.Backups.Catalogue;

/// <param name="Backups">In the order of their ids, so of the time at which they were started.</param>
/// <param name="Broken">Manifests that cannot be read. Their backups may be good: never delete them unseen.</param>
/// <param name="Unfinished">
/// Data without a manifest: a backup that runs just now, or one whose maker died. Of no use when it is older than any backup takes.
/// </param>
public sealed record CatalogueListing(
    IReadOnlyList<BackupManifest> Backups,
    IReadOnlyList<ManifestException> Broken,
    IReadOnlyList<StoredObject> Unfinished
);
