using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Sealing;
using WpFarm.Backups.Store;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Backups;

/// <summary>Where the farm's backups are, and what seals them.</summary>
internal sealed class BackupRepository(ObjectStoreSettings options, string keyFile, TimeProvider time) : IDisposable
{
    private readonly S3ObjectStore _store = new(options, time);
    private readonly S3ObjectStore? _elsewhere = options.OffSite is { } offSite ? new(offSite, time) : null;

    public IObjectStore Store => _store;

    /// <summary>For copies of all that is in <see cref="Store"/>; null: there are none.</summary>
    public IObjectStore? Elsewhere => _elsewhere;

    public BackupCatalogue Catalogue => field ??= new(_store);

    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="FormatException">It holds no key.</exception>
    public BackupKey Key => BackupKey.Parse(SecretFile.Read(keyFile));

    /// <summary>Makes the bucket, if there is none. The one elsewhere is its owner's to make, with what he lets nobody do there.</summary>
    public Task PrepareAsync(CancellationToken cancel) => _store.CreateBucketAsync(cancel);

    /// <summary>Removes what uploads that were broken off have left.</summary>
    public Task<int> TidyAsync(DateTimeOffset before, CancellationToken cancel) => _store.DeleteUnfinishedAsync(before, cancel);

    public void Dispose()
    {
        _store.Dispose();
        _elsewhere?.Dispose();
    }
}
