using WpFarm.Contracts.Agents.Uploads;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Backups.Uploads;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Backups;

/// <summary>Snapshots of the uploads. The agent beside the uploads makes them when it is told to.</summary>
internal sealed class UploadsSnapshots(UploadsAgent agent, BackupSchedule schedule, BackupSettings options, TimeProvider time)
    : IBackupMaker
{
    private const string What = "snapshot of the uploads";

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    public IReadOnlyList<BackupKind> Kinds { get; } = [BackupKind.Uploads];

    /// <summary>The snapshots, the oldest first. Null before the first query.</summary>
    public IReadOnlyList<UploadsSnapshot>? Snapshots { get; private set; }

    public Task PrepareAsync(CancellationToken cancel) => Snapshots is null ? ReadAsync(cancel) : Task.CompletedTask;

    public DueBackup? Due(DateTimeOffset now) =>
        Snapshots is { } snapshots && schedule.Uploads.NextRun(snapshots is [.., var last] ? last.Time : null, now) <= now
            ? new(BackupKind.Uploads, What, BackupSchedule.Time)
            : null;

    public async Task ReadAsync(CancellationToken cancel)
    {
        try
        {
            Snapshots = await agent.SnapshotsAsync(cancel);
        }
        catch (UploadsException e) when (e.Fault is UploadsFault.NoRepository)
        {
            Snapshots = [];
        }
    }

    /// <summary>Restores randomly chosen files and compares them.</summary>
    public Task<UploadsSample> SampleAsync(UploadsSnapshot snapshot, int count, CancellationToken cancel) =>
        agent.SampleAsync(snapshot.Id, count, cancel);

    public async Task RunAsync(BackupKind kind, Action<BackupReport> publish, CancellationToken cancel)
    {
        var work = new Procedure<BackupReport>(new(What, time.GetUtcNow()), time, publish);
        await work.PhaseAsync("snapshot", async () =>
        {
            var making = agent.SnapshotAsync(cancel);
            using (var tick = new PeriodicTimer(s_interval, time))
                while (!making.IsCompleted && await tick.WaitForNextTickAsync(cancel))
                    if (await agent.ProgressAsync(cancel) is { Order: not null } progress)
                        work.Publish(work.Report with { Bytes = progress.Bytes, OfBytes = progress.BytesTotal });
            var made = await making;
            work.Publish(work.Report with { Backup = made.Id[..8] });
            var changed = made.FilesNew + made.FilesChanged;
            return $"{made.Files} files, {changed} of them new or changed, {made.BytesStored >> 10} kB more in the store";
        });
        await work.PhaseAsync("forget", async () =>
        {
            await ReadAsync(cancel);
            var forgotten = UploadsRetention.Forgotten(Snapshots!, options.Keep);
            if (forgotten.Count > 0)
                await agent.ForgetAsync(forgotten, cancel);
            await ReadAsync(cancel);
            return $"{forgotten.Count} that are not kept, {Snapshots!.Count} are";
        });
        work.End();
    }
}
