using WpFarm.Contracts.Settings;
using WpFarm.Topology.Layers.Storage;

namespace WpFarm.Topology.Layers.Backups;

/// <summary>The object store that backups are written to, as the farm's containers reach it.</summary>
public static class BackupStore
{
    /// <summary>Name of the farm's own object storage service.</summary>
    public const string OwnService = ObjectStorage.Name;

    /// <summary>Folder of the bucket with the uploads, so that one bucket holds the whole farm. restic owns everything in it.</summary>
    public const string UploadsFolder = "uploads/";

    /// <returns>Null: this farm makes no backups.</returns>
    internal static ObjectStoreSettings? Of(FarmDesign farm)
    {
        var options = farm.Options.Backups;
        var offSite = options.OffSite is { } other ? At(other, Secret.OffSiteKey) : null;
        return !options.Enabled ? null
            : options.Store is { } store ? At(store, Secret.StoreKey) with { OffSite = offSite }
            : ObjectStorage.IsIn(farm) ? Own() with { OffSite = offSite }
            : null;
    }

    /// <summary>True for the farm's own object storage, which only the farm's networks reach.</summary>
    public static bool IsOwn(this ObjectStoreSettings store) => store.KeySecret() == Secret.ObjectStorageKey;

    /// <summary>Name of the secret that <see cref="ObjectStoreSettings.SecretKeyFile"/> holds.</summary>
    public static string KeySecret(this ObjectStoreSettings store) => Path.GetFileName(store.SecretKeyFile);

    /// <summary>Secrets of a service that reads and writes the store.</summary>
    internal static IReadOnlyList<string> UsedSecrets(this ObjectStoreSettings store) =>
        [Secret.BackupKey, store.KeySecret(), .. store.OffSite is { } offSite ? [offSite.KeySecret()] : Array.Empty<string>()];

    private static ObjectStoreSettings Own() =>
        new()
        {
            Endpoint = new(ObjectStorage.S3.Address),
            Bucket = "backups",
            AccessKey = ObjectStorage.AccessKey,
            Region = "us-east-1",
            SecretKeyFile = Secret.PathOf(Secret.ObjectStorageKey),
        };

    private static ObjectStoreSettings At(FarmFile.BackupStoreOptions store, string secret) =>
        new()
        {
            Endpoint = new(store.Endpoint),
            Bucket = store.Bucket,
            AccessKey = store.AccessKey,
            Region = store.Region,
            SecretKeyFile = Secret.PathOf(secret),
        };
}
