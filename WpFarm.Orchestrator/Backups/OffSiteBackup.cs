using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Store;
using WpFarm.Contracts.Settings;
using WpFarm.Topology.Layers.Backups;

namespace WpFarm.Orchestrator.Backups;

/// <summary>Keeps a second bucket, elsewhere, up to what is in the farm's: what is left when the first is gone with its machine, or its owner.</summary>
internal sealed partial class OffSiteBackup(
    BackupRepository place,
    IObjectStore elsewhere,
    BackupIndex ledger,
    UploadsSettings? uploads,
    TimeProvider time,
    ILogger<OffSiteBackup> logger
)
{
    private readonly OffSiteCopy _copy = new(place.Store, elsewhere);
    private readonly BackupCatalogue _catalogue = new(elsewhere);

    public string Location => elsewhere.Location;

    /// <summary>What was stored up to it is there too; null: nobody knows yet.</summary>
    public DateTimeOffset? CopiedAt { get; private set; }

    /// <summary>Why the last copy failed; null when it did not.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Copies what is missing there. A failure is noted, and left to the next time.</summary>
    public async Task CopyAsync(CancellationToken cancel)
    {
        try
        {
            var (began, mark) = (time.GetUtcNow(), ledger.Mark);
            await _copy.CopyAsync(ledger.Backups, cancel);
            if (uploads is not null)
                await _copy.CopyRepositoryAsync(BackupStore.UploadsFolder, cancel);
            // What it speaks of is there by now.
            if (mark is not null)
                await _catalogue.MarkAsync(mark, cancel);
            (CopiedAt, Trouble) = (began, null);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            if (Trouble != e.Message)
                LogFailed(elsewhere.Location, e.Message);
            Trouble = e.Message;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing is copied to {Location}: {Error}")]
    private partial void LogFailed(string location, string error);
}
