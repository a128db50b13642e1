using Microsoft.Extensions.Options;
using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Schedules;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Backups;

/// <summary>
/// Decides which backup is due. It is a pure function of the backups that exist, so a backup that was missed while no Orchestrator ran is
/// due once one runs again.
/// </summary>
internal sealed record BackupSchedule(CronSchedule Full, CronSchedule Incremental, CronSchedule Uploads, CronSchedule Drill)
{
    /// <summary>The reason of what is due by its cron expression.</summary>
    public const string Time = "its time has come";

    /// <param name="farm">Name of the farm. Farms that share a store differ in it.</param>
    /// <exception cref="OptionsValidationException">One of the cron expressions is invalid.</exception>
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

    /// <summary>The backup of the database that is due, and why. Null when none is due.</summary>
    /// <param name="historySince">
    /// Start of the farm's present history. Backups of an earlier history are no base for new incremental backups or logs.
    /// </param>
    /// <param name="gap">True when binary logs are lost: only a new full backup makes moments from now on restorable.</param>
    public (BackupKind Kind, string Why)? Due(
        IEnumerable<BackupManifest> backups,
        DateTimeOffset? historySince,
        bool gap,
        DateTimeOffset now
    )
    {
        var physical = backups.Where(backup => backup.Kind.IsInChain && backup.HistorySince == historySince).ToList();
        var (lastFull, last) = (Latest(physical.Where(backup => !backup.Kind.IsIncrement)), Latest(physical));
        return lastFull is null ? (BackupKind.Full, "there is no full backup since the farm was created or restored")
            : gap ? (BackupKind.Full, "binary logs are missing")
            : Full.NextRun(lastFull, now) <= now ? (BackupKind.Full, Time)
            : Incremental.NextRun(last, now) <= now ? (BackupKind.Incremental, Time)
            : null;
    }

    private static DateTimeOffset? Latest(IEnumerable<BackupManifest> backups) =>
        backups.Select(backup => (DateTimeOffset?)backup.Started).Max();
}
