using System.Globalization;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Backups;

/// <summary>Orders backup work from the Orchestrator and reports its progress. Cancelling the watch does not cancel the work.</summary>
public sealed class BackupWatch(OrchestratorApi orchestrator, IFarmProgress progress)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    private readonly HashSet<string> _reported = [];

    /// <param name="order">Sends the order to the Orchestrator.</param>
    /// <returns>The finished job.</returns>
    /// <exception cref="OperationFailedException">
    /// The Orchestrator refused the order, or the job failed; names the phase and the reason.
    /// </exception>
    public async Task<BackupReport> RunAsync(Func<Task> order, CancellationToken cancel)
    {
        using var tick = new PeriodicTimer(s_interval);
        BackupReport? before;
        // The Orchestrator does one job at a time. Those that it begins by itself usually take seconds.
        while ((before = await LatestAsync(cancel)) is { Ended: null })
        {
            if (_reported.Add(before.What))
                progress.Report(before.What, "still runs; waiting for it");
            await tick.WaitForNextTickAsync(cancel);
        }

        await order();
        while (true)
        {
            // The first job after the order: the Orchestrator may have begun another one by now.
            if (
                (await orchestrator.SendAsync(BackupRoutes.Status, cancel)).Reports.LastOrDefault(job =>
                    job.Since > (before?.Since ?? DateTimeOffset.MinValue)
                ) is
                { } job
            )
            {
                ReportPhases(job);
                if (job.Ended is not null)
                    return job.Failure is null ? job : throw new OperationFailedException($"{job.What}: {job.Failure}");
            }

            await tick.WaitForNextTickAsync(cancel);
        }
    }

    private async Task<BackupReport?> LatestAsync(CancellationToken cancel) =>
        (await orchestrator.SendAsync(BackupRoutes.Status, cancel)).Reports is [var latest, ..] ? latest : null;

    private void ReportPhases(BackupReport job)
    {
        if (_reported.Add(job.What))
            progress.Begin(job.What);
        foreach (var phase in job.Phases.Where(phase => _reported.Add(phase.Name)))
            progress.Report(phase.Name, $"{phase.Result} ({phase.Took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s)");
        if (job.Running is { } running && _reported.Add($"{running} {job.Bytes >> 20}"))
            progress.Report(
                running,
                job.Bytes >> 20 == 0 ? "…"
                    : job.OfBytes is { } all ? $"{job.Bytes >> 20} of {all >> 20} MB"
                    : $"{job.Bytes >> 20} MB"
            );
    }
}
