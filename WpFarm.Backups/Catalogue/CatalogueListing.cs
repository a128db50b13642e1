using WpFarm.Backups.Store;

namespace WpFarm.Backups.Catalogue;

/// <param name="Backups">Backups ordered by id, which is the order of their start.</param>
/// <param name="Broken">Manifests that cannot be read. Their backups may be good, so a person must look before they are deleted.</param>
/// <param name="Unfinished">
/// Data without a manifest: a backup that is running, or one whose process died. Useless once it is older than any backup takes.
/// </param>
public sealed record CatalogueListing(
    IReadOnlyList<BackupManifest> Backups,
    IReadOnlyList<ManifestException> Broken,
    IReadOnlyList<StoredObject> Unfinished
);
