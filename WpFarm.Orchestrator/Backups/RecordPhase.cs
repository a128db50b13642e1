using WpFarm.Backups.Catalogue;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Backups;

internal static class RecordPhase
{
    /// <summary>The last phase of a backup: it stores the manifest, and from then on the backup exists.</summary>
    public static async Task RecordAsync(
        this Procedure<BackupReport> work,
        BackupManifest manifest,
        BackupRepository place,
        BackupIndex ledger,
        CancellationToken cancel
    )
    {
        await work.PhaseAsync("record", async () =>
        {
            await place.Catalogue.WriteAsync(manifest, cancel);
            ledger.Add(manifest);
            return manifest.Id;
        });
        work.Tell(work.Report with { Backup = manifest.Id });
        work.End();
    }
}
