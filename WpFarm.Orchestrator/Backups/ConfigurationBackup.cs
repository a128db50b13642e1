using System.Security.Cryptography;
using WpFarm.Backups.Catalogue;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Backups;

/// <summary>
/// Stores what is needed to start the farm on empty machines: farm.json, the secrets and the manifests. <c>./farm</c> has these files and
/// sends them after each change; this class encrypts and stores them.
/// </summary>
internal sealed class ConfigurationBackup(BackupRepository repository, BackupIndex index, BackupState state, TimeProvider time)
{
    /// <summary>Size limit of the archive, in bytes: ten times the size for a farm of 500 sites.</summary>
    public const int Limit = 4 << 20;

    /// <returns>The backup that holds the archive. If the archive is unchanged, this is the last backup.</returns>
    /// <exception cref="RefusedException">The store has not been read yet.</exception>
    public async Task<BackupManifest> KeepAsync(ReadOnlyMemory<byte> archive, CancellationToken cancel)
    {
        if (!index.IsRead)
            throw new RefusedException(state.Trouble ?? "the store has not been read yet");
        var (started, key) = (time.GetUtcNow(), repository.Key);
        var last = index.Backups.LastOrDefault(backup => backup.Kind is BackupKind.Configuration);
        if (last is not null && last.KeyId == key.Id && last.ContentSha256 == Convert.ToHexStringLower(SHA256.HashData(archive.Span)))
            return last;
        var id = BackupId.New(BackupKind.Configuration, null, started);
        var data = await repository.Catalogue.SealAsync(
            id,
            key,
            async (target, cancel) => await target.WriteAsync(archive, cancel),
            cancel
        );
        var manifest = BackupManifest.Of(id, BackupKind.Configuration, data, archive.Length, started, time.GetUtcNow());
        await repository.Catalogue.WriteAsync(manifest, cancel);
        index.Add(manifest);
        return manifest;
    }
}
