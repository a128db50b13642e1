using WpFarm.Backups.Catalogue;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Backups;

/// <summary>Reads backups completely, and compares them with their manifests.</summary>
internal sealed class BackupVerification(BackupRepository repository, BackupWork work, TimeProvider time)
{
    /// <returns>Accepted when the verification has begun.</returns>
    public Outcome Begin(IReadOnlyList<BackupManifest> backups) => work.TryBegin("verify", async (publish, cancel) =>
        {
            var verification = new Procedure<BackupReport>(
                new($"verification of {(backups is [var only] ? only.Id : $"{backups.Count} backups")}", time.GetUtcNow())
                {
                    OfBytes = backups.Sum(backup => backup.StoredBytes),
                },
                time,
                publish
            );
            await verification.PhaseAsync("read", async () =>
            {
                foreach (var backup in backups)
                {
                    if ((await repository.Catalogue.VerifyAsync(backup, repository.Key, cancel)).Problem is { } problem)
                        throw new IOException(problem);
                    verification.Publish(verification.Report with { Bytes = verification.Report.Bytes + backup.StoredBytes });
                }

                return $"{backups.Count} of {backups.Count} are what was stored";
            });
            verification.End();
        });
}
