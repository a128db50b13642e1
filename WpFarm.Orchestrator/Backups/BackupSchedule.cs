using Microsoft.Extensions.Options;
using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Schedules;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Backups;

/// <summary>What is due. Pure: what was made is all it knows, so what was missed while nobody was there is due when somebody is again.</summary>
internal sealed record BackupSchedule(CronSchedule Full, CronSchedule Incremental, CronSchedule Uploads, CronSchedule Drill)
{
    /// <param name="farm">What farms that share a store differ in.</param>
    /// <exception cref="OptionsValidationException">One of the expressions is none.</exception>
    public static BackupSchedule Of(BackupSettings options, string farm)
    {
        var problems = new List<string>();
        var (full, incremental, uploads, drill) = (
            Parse(options.Full, nameof(options.Full)),
            Parse(options.Incremental, nameof(options.Incremental)),
            Parse(options.UploadsSchedule, nameof(options.UploadsSchedule)),
            Parse(options.DrillSchedule, nameof(options.DrillSchedule))
        );
        return problems.Count == 0
            ? new(full!, incremental!, uploads!, drill!)
            : throw new OptionsValidationException("Backups", typeof(BackupSettings), problems);

        CronSchedule? Parse(string cron, string key) =>
            CronSchedule.Parse(cron, options.TimeZone, options.Jitter, farm, $"Backups:{key}", problems);
    }

    /// <summary>Of the database.</summary>
    /// <param name="historySince">Of the farm now: backups of another history are no beginning for what came after.</param>
    /// <param name="gap">Binary logs are lost: only a new full backup makes moments from now on recoverable.</param>
    public (BackupKind Kind, string Why)? Due(
        IEnumerable<BackupManifest> backups,
        DateTimeOffset? historySince,
        bool gap,
        DateTimeOffset now
    )
    {
        var physical = backups
            .Where(backup => backup.Kind is BackupKind.Full or BackupKind.Incremental && backup.HistorySince == historySince)
            .ToList();
        var (lastFull, last) = (Latest(physical.Where(backup => backup.Kind is BackupKind.Full)), Latest(physical));
        return lastFull is null ? (BackupKind.Full, "there is none since the farm was made or restored")
            : gap ? (BackupKind.Full, "binary logs are missing")
            : Full.NextRun(lastFull, now) <= now ? (BackupKind.Full, "its time has come")
            : Incremental.NextRun(last, now) <= now ? (BackupKind.Incremental, "its time has come")
            : null;
    }

    private static DateTimeOffset? Latest(IEnumerable<BackupManifest> backups) =>
        backups.Select(backup => (DateTimeOffset?)backup.Started).Max();
}
