using WpFarm.Contracts.Agents.Uploads;
using WpFarm.Orchestrator.Backups.Uploads;

namespace WpFarm.Orchestrator.Backups.Restoring;

/// <summary>
/// Restores uploads from the last snapshot before a moment. If there is none, the uploads stay as they are, and the result says so.
/// </summary>
internal sealed class UploadsRecovery(UploadsAgent? agent = null)
{
    /// <param name="site">The site. Null: all sites.</param>
    /// <returns>What was done, or why nothing was done, in words.</returns>
    /// <exception cref="UploadsException">The uploads could not be restored, and are unchanged.</exception>
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
