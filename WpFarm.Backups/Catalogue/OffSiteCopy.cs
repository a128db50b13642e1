using WpFarm.Backups.Store;

namespace WpFarm.Backups.Catalogue;

/// <summary>
/// Copies backups to a store elsewhere. Deletes nothing there: whoever gets hold of the farm must not be able to. What is there is asked for
/// once; whoever removes something there has it copied again by the next instance.
/// </summary>
/// <param name="source">The store that has them.</param>
/// <param name="target">The store elsewhere.</param>
public sealed class OffSiteCopy(IObjectStore source, IObjectStore target)
{
    /// <summary>Sizes of the target's objects by name, for each prefix that was asked for.</summary>
    private readonly Dictionary<string, Dictionary<string, long>> _theirs = [];

    /// <summary>
    /// Copies those of the backups that the target does not have, oldest first, each checked against its manifest on the way; its manifest
    /// last, so what is listed there is whole too. Stopped in the middle, the next call goes on.
    /// </summary>
    /// <returns>What was copied.</returns>
    /// <exception cref="ObjectStoreException">One of the stores fails, or a backup is not what was stored (<see cref="ObjectStoreFault.Corrupt"/>).</exception>
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
            // Only a finished copy is ever listed, and names are never given twice: the same size is the same object.
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
    /// Copies what the target does not have of a restic repository, each object checked against the hash that is its name. Snapshots last:
    /// what one needs is there before it. Locks are left out, since nobody holds them there.
    /// </summary>
    /// <param name="folder">Of the repository, with a slash at its end.</param>
    /// <param name="tell">How many are copied, of how many.</param>
    /// <returns>How many objects were copied.</returns>
    /// <exception cref="ObjectStoreException">One of the stores fails, or an object is not what was stored (<see cref="ObjectStoreFault.Corrupt"/>).</exception>
    public async Task<int> CopyRepositoryAsync(string folder, CancellationToken cancel, Action<int, int>? tell = null)
    {
        // Asked for first: of a snapshot that is made meanwhile, not all may be in the list of the other objects.
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
