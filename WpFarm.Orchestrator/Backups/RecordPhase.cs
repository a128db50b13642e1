using WpFarm.Backups.Catalogue;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Backups;

internal static class RecordPhase
{
    /// <summary>The last phase of a backup: it stores the manifest, and from then on the backup exists.</summary>
    public static async Task RecordAsync(
        this Procedure<BackupReport> work,
        BackupManifest manifest,
        BackupRepository repository,
        BackupIndex index,
        CancellationToken cancel
    )
    {
        await work.PhaseAsync("record", async () =>
        {
            await repository.Catalogue.WriteAsync(manifest, cancel);
            index.Add(manifest);
            return manifest.Id;
        });
        work.Publish(work.Report with { Backup = manifest.Id });
        work.End();
    }
}
