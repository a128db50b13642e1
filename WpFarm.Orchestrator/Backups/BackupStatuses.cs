using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Recovery;

namespace WpFarm.Orchestrator.Backups;

internal static class BackupStatuses
{
    /// <summary>Measured on two cores (docs/backups.md).</summary>
    private static readonly RecoveryRates s_rates = new(Fetch: 30e6, Prepare: 100e6, Replay: 5e6, TimeSpan.FromSeconds(25));

    extension(BackupStatus)
    {
        public static BackupStatus Of(
            BackupState state,
            BackupIndex index,
            BackupRepository repository,
            OffSiteBackup? offSite,
            DateTimeOffset now
        ) =>
            new(
                repository.Store.Location,
                offSite is null ? null : new(offSite.Location, offSite.CopiedAt),
                index.Latest?.Moment,
                index.Latest?.Position.ToString(),
                index.Latest is { } latest ? (now - latest.Moment).TotalSeconds : null,
                [
                    .. new[]
                    {
                        state.Trouble,
                        state.ArchiveTrouble,
                        index.IsRead && index.Latest is null ? "there is no full backup" : null,
                        index.Latest?.Gap?.ToString(),
                        offSite?.Trouble is { } trouble ? $"nothing is copied to {offSite.Location}: {trouble}" : null,
                    }.OfType<string>(),
                    .. index.Broken,
                ],
                state.LeaseRenewedAt,
                [
                    .. index
                        .Backups.GroupBy(backup => backup.Kind)
                        .OrderBy(kind => kind.Key)
                        .Select(kind => new BackupKindStatus(
                            kind.Key,
                            kind.Count(),
                            kind.Sum(backup => backup.StoredBytes),
                            kind.Max(backup => backup.Started)
                        )),
                ],
                state.Reports
            );
    }

    extension(BackupEntry)
    {
        /// <param name="why">Why the backup is kept. Null when it will be deleted.</param>
        public static BackupEntry Of(BackupManifest backup, string? why) =>
            new(
                backup.Id,
                backup.Kind,
                backup.Site ?? backup.Server,
                backup.Started,
                backup.Completed,
                backup.PlainBytes,
                backup.StoredBytes,
                backup.GtidEnd?.ToString(),
                backup.Parent,
                why
            );
    }

    extension(RestorePlan)
    {
        public static RestorePlan Of(RecoveryPlan plan, DateTimeOffset now) =>
            new(
                plan.Target.ToString()!,
                [.. plan.Chain.Backups.Select(backup => backup.Id)],
                plan.Logs.Count,
                plan.Moment,
                plan.Position.ToString(),
                plan.Lost(now).TotalSeconds,
                plan.Bytes,
                plan.Estimate(s_rates).TotalSeconds,
                plan.Gap?.ToString()
            );

        /// <param name="export">A backup of one site's database as SQL statements.</param>
        public static RestorePlan Of(BackupManifest export, DateTimeOffset now) =>
            new(
                export.Id,
                [export.Id],
                0,
                export.Started,
                export.GtidEnd!.ToString(),
                (now - export.Started).TotalSeconds,
                export.StoredBytes,
                export.StoredBytes / s_rates.Replay,
                null
            );
    }
}
