using WpFarm.Contracts.Agents.Uploads;
using WpFarm.Orchestrator.Backups.Uploads;

namespace WpFarm.Orchestrator.Backups.Restoring;

/// <summary>Puts uploads back, from the last snapshot before a moment. Where there is none they stay, and that is said.</summary>
internal sealed class UploadsRecovery(UploadsAgent? agent = null)
{
    /// <param name="site">Null: every site's.</param>
    /// <returns>What was done, or why nothing was, in words.</returns>
    /// <exception cref="UploadsException">They could not be restored, and are as they were.</exception>
    public async Task<string> RestoreAsync(string? site, DateTimeOffset moment, CancellationToken cancel)
    {
        if (agent is null)
            return "left as they are: this farm does not back up its uploads (backups.uploads.enabled)";
        try
        {
            if ((await agent.SnapshotsAsync(cancel)).LastBefore(moment) is not { } snapshot)
                return "left as they are: there is no snapshot from before";
            var restored = await agent.RestoreAsync(new(snapshot.Id, site, Path: null, InPlace: true), cancel);
            var aside = restored.Id is null ? "" : $"; what was there is in .restores/{restored.Id} of the uploads";
            return $"{restored.Files} files as of {snapshot.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z{aside}";
        }
        catch (UploadsException e) when (e.Fault is UploadsFault.NoRepository or UploadsFault.NotFound)
        {
            return $"left as they are: {e.Message}";
        }
    }
}
