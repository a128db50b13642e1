using System.Security.Cryptography;
using WpFarm.Backups.Catalogue;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Backups;

/// <summary>
/// Stores what is needed to start the farm on empty machines: farm.json, the secrets and the manifests. <c>./farm</c> has these files and
/// sends them after each change; this class encrypts and stores them.
/// </summary>
internal sealed class ConfigurationBackup(BackupRepository place, BackupIndex ledger, BackupState state, TimeProvider time)
{
    /// <summary>Size limit of the archive, in bytes: ten times the size for a farm of 500 sites.</summary>
    public const int Limit = 4 << 20;

    /// <returns>The backup that holds the archive. If the archive is unchanged, this is the last backup.</returns>
    /// <exception cref="RefusedException">The store has not been read yet.</exception>
    public async Task<BackupManifest> KeepAsync(ReadOnlyMemory<byte> archive, CancellationToken cancel)
    {
        if (!ledger.IsRead)
            throw new RefusedException(state.Trouble ?? "the store has not been read yet");
        var (started, key) = (time.GetUtcNow(), place.Key);
        var last = ledger.Backups.LastOrDefault(backup => backup.Kind is BackupKind.Configuration);
        if (last is not null && last.KeyId == key.Id && last.ContentSha256 == Convert.ToHexStringLower(SHA256.HashData(archive.Span)))
            return last;
        var id = BackupId.New(BackupKind.Configuration, null, started);
        var data = await place.Catalogue.SealAsync(id, key, async (target, cancel) => await target.WriteAsync(archive, cancel), cancel);
        var manifest = BackupManifest.Of(id, BackupKind.Configuration, data, archive.Length, started, time.GetUtcNow());
        await place.Catalogue.WriteAsync(manifest, cancel);
        ledger.Add(manifest);
        return manifest;
    }
}
