using Microsoft.Extensions.Options;
using WpFarm.Backups.Locking;
using WpFarm.Backups.Retention;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Backups.Drills;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Backups;

/// <summary>
/// Starts backups when they are due, and deletes those that retention does not keep. What is due follows from the contents of the store. A
/// lease in the store keeps a second Orchestrator from doing the same, even one that is believed to be dead.
/// </summary>
internal sealed partial class BackupScheduler(
    BackupRepository repository,
    BackupIndex index,
    BackupState state,
    BackupWork work,
    BackupMetrics metrics,
    IEnumerable<IBackupMaker> makers,
    BinaryLogArchive archive,
    DrillHistory drills,
    DatabaseState databases,
    BackupSchedule schedule,
    IOptions<BackupSettings> options,
    TimeProvider time,
    ILogger<BackupScheduler> logger,
    Drill? drill = null,
    OffSiteBackup? offSite = null
) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    /// <summary>Pause before a failed task is tried again: a copy puts load on its source.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    /// <summary>Interval between two runs of retention.</summary>
    private static readonly TimeSpan s_retain = TimeSpan.FromHours(1);

    /// <summary>Interval between two copies to the off-site bucket.</summary>
    private static readonly TimeSpan s_offSite = TimeSpan.FromMinutes(1);

    private readonly LeaseStore _leases = new(
        repository.Store,
        new() { ClaimLimit = TimeSpan.FromSeconds(2), Expiry = TimeSpan.FromMinutes(1) },
        time
    );
    private readonly IReadOnlyList<IBackupMaker> _makers = [.. makers];
    private readonly DateTimeOffset _since = time.GetUtcNow();
    private DateTimeOffset _notBefore;
    private DateTimeOffset _archived;
    private DateTimeOffset _retained;
    private DateTimeOffset _sentOff;
    private Task _offSite = Task.CompletedTask;

    /// <returns>Accepted when the backup has begun.</returns>
    public Outcome BackUp(BackupKind kind) =>
        _makers.FirstOrDefault(maker => maker.Kinds.Contains(kind)) is { } maker
            ? work.TryBegin(kind.Word(), (publish, cancel) => maker.RunAsync(kind, publish, cancel))
            : Outcome.Refused($"this farm makes no backups of kind {kind.Word()} ({kind.Traits.EnabledBy})");

    /// <summary>Starts a drill, which tries a restore.</summary>
    /// <returns>Accepted when the drill has begun.</returns>
    public Outcome TryRestore() =>
        drill is null
            ? Outcome.Refused("this farm has no place to restore into (backups.drill.enabled)")
            : work.TryBegin("drill", drill.RunAsync);

    /// <summary>Deletes now what retention does not keep.</summary>
    /// <returns>Accepted when the retention has begun.</returns>
    public Outcome Prune() => work.TryBegin("retention", RetainAsync);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        do
        {
            try
            {
                await KeepAsync(stoppingToken);
            }
            catch (Exception e)
                when (e is IOException or FormatException or System.Text.Json.JsonException && !stoppingToken.IsCancellationRequested)
            {
                if (state.Trouble != e.Message)
                    LogTrouble(e.Message);
                state.Trouble = e.Message;
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Does the backup work for as long as this Orchestrator holds the lease.</summary>
    private async Task KeepAsync(CancellationToken stop)
    {
        _ = repository.Key;
        await repository.PrepareAsync(stop);
        var (lease, holder) = await _leases.TryAcquireAsync("keeper", "orchestrator", stop);
        if (lease is null)
        {
            state.Trouble =
                $"another Orchestrator keeps the backups{(holder is null ? "" : $" ({holder})")}; its lease ends a minute after it does";
            return;
        }

        await using (lease)
        {
            using var held = CancellationTokenSource.CreateLinkedTokenSource(stop, lease.Lost);
            await index.ReadAsync(repository, held.Token);
            await drills.ReadAsync(held.Token);
            work.Allow(held.Token);
            (state.Trouble, state.Lease) = (null, lease);
            LogBegins(index.Backups.Count, repository.Store.Location);
            try
            {
                using var timer = new PeriodicTimer(s_interval, time);
                while (await timer.WaitForNextTickAsync(held.Token))
                    await TickAsync(held.Token);
            }
            catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested && !stop.IsCancellationRequested)
            {
                throw new IOException(
                    "the lease in the store could not be renewed: the store does not answer, or another Orchestrator has it"
                );
            }
            finally
            {
                state.Lease = null;
                await held.CancelAsync();
                await work.Current;
                await _offSite.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                _offSite = Task.CompletedTask;
            }
        }
    }

    private async Task TickAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        // Without a writer there are no writes that could be lost, and a restore in progress must not be disturbed.
        if (databases.Current.Writer is null)
            return;
        if (now - _archived >= options.Value.LogInterval || now < _archived)
        {
            _archived = now;
            await ArchiveAsync(cancel);
        }

        if (offSite is not null && _offSite.IsCompleted && (now - _sentOff >= s_offSite || now < _sentOff))
            (_sentOff, _offSite) = (now, offSite.CopyAsync(cancel));

        if (!work.Current.IsCompleted || now < _notBefore)
            return;
        foreach (var maker in _makers)
            await maker.PrepareAsync(cancel);
        if (Due(now) is not var (begin, what, why))
            return;
        LogDue(what, why);
        _notBefore = now + s_pause;
        begin();
    }

    /// <summary>The most urgent task that is due. Null when nothing is due.</summary>
    private (Func<Outcome> Begin, string What, string Why)? Due(DateTimeOffset now)
    {
        // A server is copied by one task at a time, and a reseed goes first.
        if (databases.Current.Known.Reseeding.Count > 0 || databases.Seeds is [{ Ended: null }, ..])
            return null;
        if (_makers.Select(maker => maker.Due(now)).FirstOrDefault(due => due is not null) is var (kind, what, why))
            return (() => BackUp(kind), what, why);
        // If there was no drill yet, the first is due at its scheduled time and not at once: a farm that is being set up should not be
        // disturbed.
        if (drill is not null && schedule.Drill.NextRun(drills.Reports is [var latest, ..] ? latest.Began : _since, now) <= now)
            return (TryRestore, "drill", BackupSchedule.Time);
        if (now - _retained < s_retain)
            return null;
        _retained = now;
        return (Prune, "retention", BackupSchedule.Time);
    }

    private async Task ArchiveAsync(CancellationToken cancel)
    {
        try
        {
            var stored = await archive.AdvanceAsync(cancel);
            metrics.Archived(stored, succeeded: true);
            state.ArchiveTrouble = null;
        }
        catch (Exception e)
            when (e is System.Data.Common.DbException or TimeoutException or HttpRequestException or IOException or RefusedException)
        {
            metrics.Archived([], succeeded: false);
            if (state.ArchiveTrouble != e.Message)
                LogArchive(e.Message);
            state.ArchiveTrouble = e.Message;
        }
    }

    /// <summary>Deletes the backups that the policy does not keep, and remains of unfinished ones.</summary>
    private async Task RetainAsync(Action<BackupReport> publish, CancellationToken cancel)
    {
        var retention = new Procedure<BackupReport>(new("retention", time.GetUtcNow()), time, publish);
        await retention.PhaseAsync("delete", async () =>
        {
            var deleted = Retention().Deleted;
            await repository.Catalogue.DeleteAsync(deleted, cancel);
            index.Remove(deleted);
            return $"{deleted.Count} backups that are not kept";
        });
        await retention.PhaseAsync("tidy", async () =>
        {
            // Object times come from the store's clock. No backup runs now, and none takes a day.
            var unfinished = (await repository.Catalogue.ListAsync(cancel))
                .Unfinished.Where(data => data.LastModified < time.GetUtcNow().AddDays(-1))
                .Select(data => data.Name)
                .ToList();
            await repository.Store.DeleteAsync(unfinished, cancel);
            var aborted = await repository.TidyAsync(time.GetUtcNow().AddDays(-1), cancel);
            return $"{unfinished.Count} unfinished objects, {aborted} unfinished uploads";
        });
        retention.End();
    }

    /// <summary>What a retention would keep and delete now.</summary>
    public RetentionDecision Retention() => RetentionDecision.For(index.Backups, options.Value.Keep, time.GetUtcNow());

    [LoggerMessage(Level = LogLevel.Information, Message = "keeps the backups, {Count} of them, in {Location}")]
    private partial void LogBegins(int count, string location);

    [LoggerMessage(Level = LogLevel.Information, Message = "{What} is due: {Why}")]
    private partial void LogDue(string what, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "No backups: {Error}")]
    private partial void LogTrouble(string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Binary logs are not archived: {Error}")]
    private partial void LogArchive(string error);
}
