using System.Collections.Concurrent;
using System.Text.Json;
using WpFarm.Backups.Sealing;
using WpFarm.Backups.Store;
using WpFarm.Backups.Streams;

namespace WpFarm.Backups.Catalogue;

/// <summary>
/// The backups in a bucket. Their manifests lie beside their data, and nothing about them is stored elsewhere. To make a backup, call
/// <see cref="SealAsync"/> with its data, then <see cref="WriteAsync"/> with its manifest.
/// </summary>
public sealed class BackupCatalogue(IObjectStore store)
{
    private const int ReadsAtOnce = 16;
    private const string Mark = "archive/mark.json";

    /// <summary>Cache: manifests never change, and there are thousands of them, one for each binary log.</summary>
    private readonly ConcurrentDictionary<string, BackupManifest> _known = new();

    /// <exception cref="ObjectStoreException">The store could not be read.</exception>
    public async Task<CatalogueListing> ListAsync(CancellationToken cancel)
    {
        var (manifests, data) = (new HashSet<string>(), new Dictionary<string, StoredObject>());
        await foreach (var found in store.ListAsync(BackupId.Root, cancel))
            if (BackupId.FromObject(found.Name) is (var id, var isManifest))
                if (isManifest)
                    manifests.Add(id);
                else
                    data.Add(id, found);

        var (read, broken) = (new ConcurrentBag<BackupManifest>(), new ConcurrentBag<ManifestException>());
        await Parallel.ForEachAsync(
            manifests,
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancel },
            async (id, cancel) =>
            {
                try
                {
                    if (await FindAsync(id, cancel) is { } manifest)
                        read.Add(manifest);
                }
                catch (ManifestException e)
                {
                    broken.Add(e);
                }
            }
        );
        return new CatalogueListing(
            [.. read.OrderBy(manifest => manifest.Id, StringComparer.Ordinal)],
            [.. broken.OrderBy(manifest => manifest.Id, StringComparer.Ordinal)],
            [.. data.Where(found => !manifests.Contains(found.Key)).Select(found => found.Value)]
        );
    }

    /// <returns>Null if the backup does not exist.</returns>
    /// <exception cref="ManifestException">The manifest cannot be read.</exception>
    public async Task<BackupManifest?> FindAsync(string id, CancellationToken cancel)
    {
        if (!BackupId.IsValid(id))
            return null;
        if (_known.TryGetValue(id, out var known))
            return known;
        try
        {
            return _known[id] = ManifestJson.Read(id, await store.ReadAsync(BackupId.ManifestOf(id), cancel));
        }
        catch (ObjectStoreException e) when (e.Fault is ObjectStoreFault.NoSuchObject)
        {
            return null;
        }
    }

    /// <summary>Seals and stores what <paramref name="write"/> writes. It becomes a backup when its manifest is written.</summary>
    /// <param name="id">From <see cref="BackupId.New"/>.</param>
    public async Task<SealedData> SealAsync(string id, BackupKey key, Func<Stream, CancellationToken, Task> write, CancellationToken cancel)
    {
        SealedData? result = null;
        await store.PutAsync(
            BackupId.DataOf(id),
            async (target, cancel) =>
            {
                using var stored = new MeasuringStream(target);
                using var sealing = new SealingStream(stored, key, BackupId.DataOf(id));
                using var content = new MeasuringStream(sealing);
                await write(content, cancel);
                await sealing.CompleteAsync(cancel);
                result = new SealedData(content.Bytes, content.Sha256, stored.Bytes, stored.Sha256, key.Id);
            },
            cancel
        );
        return result!;
    }

    /// <summary>Opens the sealed data. It is verified completely only when the reader has reached the end.</summary>
    /// <exception cref="SealException">Thrown by this method or by a read: the data is damaged, or the key is another one.</exception>
    public async Task<Stream> OpenAsync(BackupManifest manifest, BackupKey key, CancellationToken cancel)
    {
        var name = BackupId.DataOf(manifest.Id);
        return new OpeningStream(await store.GetAsync(name, cancel), key, name);
    }

    /// <summary>Writes the manifest, which makes the stored data a backup.</summary>
    /// <exception cref="ArgumentException">The manifest is invalid.</exception>
    /// <exception cref="ObjectStoreException">The data is missing or has another size (<see cref="ObjectStoreFault.Corrupt"/>).</exception>
    public async Task WriteAsync(BackupManifest manifest, CancellationToken cancel)
    {
        var json = ManifestJson.Write(manifest);
        if ((await VerifyAsync(manifest, cancel)).Problem is { } problem)
            throw new ObjectStoreException(ObjectStoreFault.Corrupt, problem);
        await store.PutAsync(BackupId.ManifestOf(manifest.Id), json, cancel);
    }

    public async Task MarkAsync(ArchiveMark mark, CancellationToken cancel) => await store.PutAsync(Mark, ManifestJson.Write(mark), cancel);

    /// <returns>Null if there is no readable mark. Then fewer moments are known to be recoverable.</returns>
    public async Task<ArchiveMark?> FindMarkAsync(CancellationToken cancel)
    {
        try
        {
            return ManifestJson.ReadMark(await store.ReadAsync(Mark, cancel));
        }
        catch (Exception e) when (e is JsonException or ObjectStoreException { Fault: ObjectStoreFault.NoSuchObject })
        {
            return null;
        }
    }

    /// <summary>Deletes manifests first, so that every listed backup is complete even when this is interrupted.</summary>
    public async Task DeleteAsync(IReadOnlyCollection<BackupManifest> backups, CancellationToken cancel)
    {
        foreach (var backup in backups)
            _known.TryRemove(backup.Id, out _);
        await store.DeleteAsync([.. backups.Select(backup => BackupId.ManifestOf(backup.Id))], cancel);
        await store.DeleteAsync([.. backups.Select(backup => BackupId.DataOf(backup.Id))], cancel);
    }

    /// <summary>Checks that the data exists and has its size.</summary>
    public async Task<VerificationResult> VerifyAsync(BackupManifest manifest, CancellationToken cancel)
    {
        var data = await store.HeadAsync(BackupId.DataOf(manifest.Id), cancel);
        var problem =
            data is null ? $"The data of {manifest.Id} is missing in {store.Location}."
            : data.Size != manifest.StoredBytes
                ? $"The data of {manifest.Id} has {data.Size} bytes in {store.Location}; its manifest says {manifest.StoredBytes}."
            : null;
        return new VerificationResult(manifest, problem, IsDeep: false);
    }

    /// <summary>Reads and authenticates every byte, and compares both hashes with the manifest.</summary>
    public async Task<VerificationResult> VerifyAsync(BackupManifest manifest, BackupKey key, CancellationToken cancel)
    {
        var result = await VerifyAsync(manifest, cancel);
        return result.IsGood ? new VerificationResult(manifest, await DeepProblemAsync(manifest, key, cancel), IsDeep: true) : result;
    }

    private async Task<string?> DeepProblemAsync(BackupManifest manifest, BackupKey key, CancellationToken cancel)
    {
        var name = BackupId.DataOf(manifest.Id);
        using var stored = new TappedStream(await store.GetAsync(name, cancel));
        using var opening = new OpeningStream(stored, key, name);
        using var content = new MeasuringStream(Stream.Null);
        try
        {
            await opening.CopyToAsync(content, cancel);
        }
        catch (SealException e)
        {
            return e.Message;
        }

        return stored.Sha256 != manifest.StoredSha256
                ? $"The data of {manifest.Id} has SHA-256 {stored.Sha256}; its manifest says {manifest.StoredSha256}."
            : content.Sha256 != manifest.ContentSha256
                ? $"The content of {manifest.Id} has SHA-256 {content.Sha256}; its manifest says {manifest.ContentSha256}."
            : null;
    }
}
