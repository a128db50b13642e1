using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Store;
using WpFarm.Contracts.Settings;
using WpFarm.Topology.Layers.Backups;

namespace WpFarm.Orchestrator.Backups;

/// <summary>
/// Copies new objects of the farm's bucket to a second bucket at another place. It remains when the first is lost together with its
/// machine, or its owner.
/// </summary>
internal sealed partial class OffSiteBackup(
    BackupRepository repository,
    IObjectStore offSite,
    BackupIndex index,
    UploadsSettings? uploads,
    TimeProvider time,
    ILogger<OffSiteBackup> logger
)
{
    private readonly OffSiteCopy _copy = new(repository.Store, offSite);
    private readonly BackupCatalogue _catalogue = new(offSite);

    public string Location => offSite.Location;

    /// <summary>Everything stored up to this time is in the second bucket too. Null while this is unknown.</summary>
    public DateTimeOffset? CopiedAt { get; private set; }

    /// <summary>Why the last copy failed. Null when it succeeded.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Copies what the second bucket lacks. A failure is recorded; the next run tries again.</summary>
    public async Task CopyAsync(CancellationToken cancel)
    {
        try
        {
            var (began, mark) = (time.GetUtcNow(), index.Mark);
            await _copy.CopyAsync(index.Backups, cancel);
            if (uploads is not null)
                await _copy.CopyRepositoryAsync(BackupStore.UploadsFolder, cancel);
            // Everything the mark covers has been copied by now.
            if (mark is not null)
                await _catalogue.MarkAsync(mark, cancel);
            (CopiedAt, Trouble) = (began, null);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            if (Trouble != e.Message)
                LogFailed(offSite.Location, e.Message);
            Trouble = e.Message;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing is copied to {Location}: {Error}")]
    private partial void LogFailed(string location, string error);
}
