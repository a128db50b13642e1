using WpFarm.Topology.Layers.Storage;

namespace WpFarm.Topology.Layers.Backups;

/// <summary>Where backups go, as the farm's containers reach it, and as the Orchestrator reads it.</summary>
/// <param name="OffSite">Where copies of them go; null: nowhere.</param>
public sealed record BackupStore(
    string Endpoint,
    string Bucket,
    string AccessKey,
    string Region,
    string SecretKeyFile,
    BackupStore? OffSite = null
)
{
    /// <summary>The service that is the farm's own.</summary>
    public const string OwnService = ObjectStorage.Name;

    /// <summary>In the bucket, so that the farm is in one place: restic owns all that is in it.</summary>
    public const string UploadsFolder = "uploads/";

    /// <returns>Null: this farm makes no backups.</returns>
    internal static BackupStore? Of(FarmDesign farm)
    {
        var options = farm.Options.Backups;
        var offSite = options.OffSite is { } other ? At(other, Secret.OffSiteKey) : null;
        return !options.Enabled ? null
            : options.Store is { } store ? At(store, Secret.StoreKey) with { OffSite = offSite }
            : ObjectStorage.IsIn(farm)
                ? new(
                    ObjectStorage.S3.Address,
                    "backups",
                    ObjectStorage.AccessKey,
                    "us-east-1",
                    Secret.PathOf(Secret.ObjectStorageKey),
                    offSite
                )
            : null;
    }

    /// <summary>Only the farm's networks lead to it.</summary>
    public bool IsOwn() => KeySecret() == Secret.ObjectStorageKey;

    /// <summary>The secrets of whoever reads and writes it.</summary>
    internal IReadOnlyList<string> UsedSecrets() =>
        [Secret.BackupKey, KeySecret(), .. OffSite is null ? Array.Empty<string>() : [OffSite.KeySecret()]];

    /// <summary>The name of the secret that <see cref="SecretKeyFile"/> is.</summary>
    public string KeySecret() => Path.GetFileName(SecretKeyFile);

    private static BackupStore At(FarmFile.BackupStoreOptions store, string secret) =>
        new(store.Endpoint, store.Bucket, store.AccessKey, store.Region, Secret.PathOf(secret));
}
