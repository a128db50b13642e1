using WpFarm.Backups.Store;

namespace WpFarm.Backups.Catalogue;

/// <summary>
/// Copies backups to the off-site bucket. Never deletes there, so that an attacker who controls the farm cannot either. Lists the target
/// once; an object that is removed there is copied again after the next start.
/// </summary>
/// <param name="source">The store with the backups.</param>
/// <param name="target">The off-site store.</param>
public sealed class OffSiteCopy(IObjectStore source, IObjectStore target)
{
    /// <summary>Sizes of the target's objects by name, for each listed prefix.</summary>
    private readonly Dictionary<string, Dictionary<string, long>> _theirs = [];

    /// <summary>
    /// Copies the backups that the target lacks, oldest first, and verifies each against its manifest. The manifest is copied last, so
    /// every listed copy is complete. After an interruption, the next call continues.
    /// </summary>
    /// <returns>The copied backups.</returns>
    /// <exception cref="ObjectStoreException">
    /// One of the stores failed, or a backup is damaged (<see cref="ObjectStoreFault.Corrupt"/>).
    /// </exception>
    public async Task<IReadOnlyList<BackupManifest>> CopyAsync(IEnumerable<BackupManifest> backups, CancellationToken cancel)
    {
        var theirs = await TheirsAsync(BackupId.Root, cancel);
        var copied = new List<BackupManifest>();
        foreach (
            var manifest in backups
                .Where(backup => !theirs.ContainsKey(BackupId.ManifestOf(backup.Id)))
                .OrderBy(backup => backup.Id, StringComparer.Ordinal)
        )
        {
            var data = BackupId.DataOf(manifest.Id);
            // The store lists complete objects only, and names are unique: the same size is the same object.
            if (theirs.GetValueOrDefault(data, -1) != manifest.StoredBytes)
                await source.CopyToAsync(target, data, manifest.StoredSha256, cancel);
            theirs[data] = manifest.StoredBytes;
            var json = ManifestJson.Write(manifest);
            await target.PutAsync(BackupId.ManifestOf(manifest.Id), json, cancel);
            theirs[BackupId.ManifestOf(manifest.Id)] = json.Length;
            copied.Add(manifest);
        }

        return copied;
    }

    /// <summary>
    /// Copies the objects of a restic repository that the target lacks, and verifies each against the hash in its name. Snapshots are
    /// copied last, after the objects that they need. Locks are not copied.
    /// </summary>
    /// <param name="folder">Folder of the repository, with a slash at its end.</param>
    /// <param name="tell">Receives the number of copied objects and the total.</param>
    /// <returns>Number of copied objects.</returns>
    /// <exception cref="ObjectStoreException">
    /// One of the stores failed, or an object is damaged (<see cref="ObjectStoreFault.Corrupt"/>).
    /// </exception>
    public async Task<int> CopyRepositoryAsync(string folder, CancellationToken cancel, Action<int, int>? tell = null)
    {
        // Listed first: the list of the other objects may lack some of a snapshot that is made meanwhile.
        var snapshots = await NamesAsync($"{folder}snapshots/", cancel);
        var others = await NamesAsync(folder, cancel);
        var theirs = await TheirsAsync(folder, cancel);
        var missing = others
            .Where(name =>
                !name.StartsWith($"{folder}snapshots/", StringComparison.Ordinal)
                && !name.StartsWith($"{folder}locks/", StringComparison.Ordinal)
            )
            .Concat(snapshots)
            .Where(name => !theirs.ContainsKey(name))
            .ToList();
        foreach (var (index, name) in missing.Index())
        {
            theirs[name] = (
                await source.CopyToAsync(target, name, name == $"{folder}config" ? null : name[(name.LastIndexOf('/') + 1)..], cancel)
            ).Size;
            tell?.Invoke(index + 1, missing.Count);
        }

        return missing.Count;
    }

    private async Task<List<string>> NamesAsync(string prefix, CancellationToken cancel)
    {
        var names = new List<string>();
        await foreach (var found in source.ListAsync(prefix, cancel))
            names.Add(found.Name);
        return names;
    }

    private async Task<Dictionary<string, long>> TheirsAsync(string prefix, CancellationToken cancel)
    {
        if (_theirs.TryGetValue(prefix, out var known))
            return known;
        var sizes = new Dictionary<string, long>();
        await foreach (var found in target.ListAsync(prefix, cancel))
            sizes.Add(found.Name, found.Size);
        return _theirs[prefix] = sizes;
    }
}
