using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Sealing;
using WpFarm.Backups.Store;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Backups;

/// <summary>The stores that hold the farm's backups, and the key that encrypts them.</summary>
internal sealed class BackupRepository(ObjectStoreSettings options, string keyFile, TimeProvider time) : IDisposable
{
    private readonly S3ObjectStore _store = new(options, time);
    private readonly S3ObjectStore? _offSite = options.OffSite is { } offSite ? new(offSite, time) : null;

    public IObjectStore Store => _store;

    /// <summary>The store for copies of everything in <see cref="Store"/>. Null when there is none.</summary>
    public IObjectStore? OffSite => _offSite;

    public BackupCatalogue Catalogue => field ??= new(_store);

    /// <exception cref="IOException">The key file does not exist.</exception>
    /// <exception cref="FormatException">The key file does not hold a key.</exception>
    public BackupKey Key => BackupKey.Parse(SecretFile.Read(keyFile));

    /// <summary>
    /// Creates the bucket if it does not exist. The off-site bucket is created by its owner, with the restrictions that he wants.
    /// </summary>
    public Task PrepareAsync(CancellationToken cancel) => _store.CreateBucketAsync(cancel);

    /// <summary>Deletes the remains of aborted uploads to the store.</summary>
    public Task<int> TidyAsync(DateTimeOffset before, CancellationToken cancel) => _store.DeleteUnfinishedAsync(before, cancel);

    public void Dispose()
    {
        _store.Dispose();
        _offSite?.Dispose();
    }
}
