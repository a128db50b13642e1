using System.Diagnostics.Metrics;
using WpFarm.Backups.Catalogue;
using WpFarm.Orchestrator.Backups.Drills;

namespace WpFarm.Orchestrator.Backups;

internal sealed class BackupMetrics
{
    private readonly Counter<long> _work;
    private readonly Histogram<double> _took;
    private readonly Counter<long> _archived;

    public BackupMetrics(
        IMeterFactory meters,
        BackupIndex index,
        BackupState state,
        DrillHistory drills,
        TimeProvider time,
        OffSiteBackup? offSite = null
    )
    {
        var meter = meters.Create("WpFarm.Orchestrator");
        _work = meter.CreateCounter<long>("wpfarm.backup.work", "{run}", "Backups, restorations, drills and the like, by outcome");
        _took = meter.CreateHistogram<double>("wpfarm.backup.took", "s", "How long they took");
        _archived = meter.CreateCounter<long>(
            "wpfarm.backup.archive",
            "{run}",
            "Looks at what is to be archived of the binary logs, by outcome"
        );
        // Created with 0 at the start: Prometheus sees no increase of a counter that first appears with its first event.
        foreach (var kind in BackupKinds.All.Where(kind => kind.IsInChain))
            _work.Add(0, Kind(kind.Word()), Outcome(false));
        ObserveBackups(meter, index, state, offSite, time);
        ObserveDrills(meter, index, drills, time);
        meter.CreateObservableGauge("wpfarm.backup.broken", () => index.Broken.Count, "{backup}", "Backups whose manifest cannot be read");
    }

    public void Worked(string what, TimeSpan took, bool succeeded)
    {
        _work.Add(1, Kind(what), Outcome(succeeded));
        _took.Record(took.TotalSeconds, Kind(what));
    }

    public void Archived(IReadOnlyList<BackupManifest> stored, bool succeeded) =>
        _archived.Add(Math.Max(1, stored.Count), Outcome(succeeded));

    private static void ObserveBackups(Meter meter, BackupIndex index, BackupState state, OffSiteBackup? offSite, TimeProvider time)
    {
        meter.CreateObservableGauge(
            "wpfarm.backup.age",
            () =>
                index
                    .Backups.GroupBy(backup => backup.Kind)
                    .Select(kind => new Measurement<double>(
                        (time.GetUtcNow() - kind.Max(backup => backup.Started)).TotalSeconds,
                        Kind(kind.Key.Word())
                    )),
            "s",
            "Since the last backup of a kind was begun"
        );
        meter.CreateObservableGauge(
            "wpfarm.backup.size",
            () =>
                index
                    .Backups.GroupBy(backup => backup.Kind)
                    .Select(kind => new Measurement<long>(kind.Sum(backup => backup.StoredBytes), Kind(kind.Key.Word()))),
            "By",
            "What the backups of a kind take in the store"
        );
        meter.CreateObservableGauge(
            "wpfarm.backup.rpo",
            () => index.Latest is { } latest ? new Measurement<double>[] { new((time.GetUtcNow() - latest.Moment).TotalSeconds) } : [],
            "s",
            "How long ago the last moment is that could be recovered now"
        );
        meter.CreateObservableGauge(
            "wpfarm.backup.trouble",
            () => state.Trouble is null && state.ArchiveTrouble is null ? 0 : 1,
            "{trouble}",
            "1: backups or the archive of binary logs stand still"
        );
        meter.CreateObservableGauge(
            "wpfarm.backup.gap",
            () => index.Latest?.Gap is null ? 0 : 1,
            "{gap}",
            "1: binary logs are missing, so that not every moment can be recovered"
        );
        var since = time.GetUtcNow();
        if (offSite is not null)
            meter.CreateObservableGauge(
                "wpfarm.backup.offsite.age",
                () => (time.GetUtcNow() - (offSite.CopiedAt ?? since)).TotalSeconds,
                "s",
                "Since all that was stored by then is in the second bucket too; of none, since the Orchestrator's start"
            );
    }

    private static void ObserveDrills(Meter meter, BackupIndex index, DrillHistory drills, TimeProvider time)
    {
        meter.CreateObservableGauge(
            "wpfarm.drill.age",
            () =>
                (
                    drills.Reports.FirstOrDefault(drill => drill.Failure is null)?.Began
                    ?? (index.Backups is [var first, ..] ? first.Started : null)
                )
                    is { } since
                    ? new Measurement<double>[] { new((time.GetUtcNow() - since).TotalSeconds) }
                    : [],
            "s",
            "Since a restore that was tried last succeeded; since the first backup, when none did"
        );
        meter.CreateObservableGauge(
            "wpfarm.drill.failed",
            () => drills.Reports is [{ Failure: not null }, ..] ? 1 : 0,
            "{drill}",
            "1: the last restore that was tried failed"
        );
        meter.CreateObservableGauge(
            "wpfarm.drill.rto",
            () => drills.Reports is [{ RtoSeconds: { } rto }, ..] ? new Measurement<double>[] { new(rto) } : [],
            "s",
            "How long the last restore took that was tried, to the last site's page"
        );
        meter.CreateObservableGauge(
            "wpfarm.drill.rpo",
            () => drills.Reports is [{ RpoSeconds: { } rpo }, ..] ? new Measurement<double>[] { new(rpo) } : [],
            "s",
            "What a disaster would have cost when it was tried"
        );
    }

    private static KeyValuePair<string, object?> Kind(string kind) => new("kind", kind);

    private static KeyValuePair<string, object?> Outcome(bool succeeded) => new("outcome", succeeded ? "ok" : "failed");
}
