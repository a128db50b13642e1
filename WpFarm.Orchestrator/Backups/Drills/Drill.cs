using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Recovery;
using WpFarm.Contracts.Agents.Uploads;
using WpFarm.Orchestrator.Backups.Restoring;
using WpFarm.Orchestrator.Procedures;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Backups.Drills;

/// <summary>
/// Restores the latest backups to a randomly chosen moment, into a server that nothing else uses, and checks the result. A backup that was
/// never restored proves nothing.
/// </summary>
internal sealed class Drill(
    BackupRepository repository,
    BackupIndex index,
    ScratchServer scratch,
    DrillHistory history,
    Farm farm,
    TimeProvider time,
    UploadsSnapshots? uploads = null
)
{
    /// <summary>Number of uploaded files that are restored and compared.</summary>
    private const int Sample = 20;

    /// <exception cref="PhaseFailedException">
    /// A phase failed. The message names it and the reason. Either the stored backups are defective, or the scratch server is.
    /// </exception>
    public async Task RunAsync(Action<BackupReport> publish, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        var drill = new Procedure<BackupReport>(new("drill", time.GetUtcNow()), time, publish);
        var report = new DrillReport(
            drill.Report.Since,
            null,
            index.Latest is { } latest ? (drill.Report.Since - latest.Moment).TotalSeconds : null
        );
        try
        {
            var plan = default(RecoveryPlan)!;
            await drill.PhaseAsync("plan", () =>
            {
                plan = Pick();
                report = report with { To = plan.Moment, Bytes = plan.Bytes };
                return Task.FromResult($"{plan.Target}: {plan.Chain.Last.Id} and {plan.Logs.Count} binary logs");
            });
            var recovery = new ServerRecovery(repository, scratch.Server, plan, drill);
            await recovery.SeedAsync(aside: false, cancel);
            await drill.PhaseAsync("compare", async () =>
            {
                report = report with { Tables = await CompareAsync(plan.Chain.Last, cancel) };
                return report.Tables == 0
                    ? "the backup has no row counts to compare with"
                    : $"{report.Tables} tables are as they were copied";
            });
            await recovery.ReplayAsync(cancel);
            await drill.PhaseAsync("check", async () =>
                await scratch.Server.Agent.CheckAsync(cancel) is { Count: > 0 } damaged
                    ? throw new IOException(string.Join("; ", damaged.Take(10)))
                    : "mariadb-check finds nothing"
            );
            await drill.PhaseAsync("pages", async () =>
            {
                foreach (var site in farm.Sites)
                    await scratch.RenderAsync(site, cancel);
                report = report with { Sites = farm.Sites.Count };
                return $"WordPress shows the front page of {farm.Sites.Count} sites";
            });
            report = report with { RtoSeconds = time.GetElapsedTime(began).TotalSeconds };
            await drill.PhaseAsync("uploads", async () =>
            {
                report = report with { Uploads = await SampleAsync(cancel) };
                return report.Uploads == 0 ? "there are none" : $"{report.Uploads} are what they were";
            });
        }
        catch (PhaseFailedException e)
        {
            report = report with { Failure = e.Message };
            throw;
        }
        finally
        {
            await history.AddAsync(report with { Phases = drill.Report.Phases, Ended = time.GetUtcNow() }, CancellationToken.None);
            await scratch.EmptyAsync(CancellationToken.None);
        }

        drill.End();
    }

    /// <summary>Picks a random moment since the last backup, so that binary logs are tested too.</summary>
    private RecoveryPlan Pick()
    {
        if (index.Latest is not { } latest)
            throw new RefusedException("there is no full backup");
        var from = latest.Chain.Last.Completed;
        var moment = from + (Random.Shared.NextDouble() * (latest.Moment > from ? latest.Moment - from : TimeSpan.Zero));
        var decision = index.Plan(
            latest.Moment > from ? new RecoveryTarget.Moment(moment) : new RecoveryTarget.Latest(),
            [repository.Key.Id]
        );
        return decision.Plan ?? throw new IOException(decision.Refusal);
    }

    private async Task<int> CompareAsync(BackupManifest backup, CancellationToken cancel)
    {
        if (backup.Tables is not { } expected)
            return 0;
        var found = (await scratch.Server.Agent.ContentsAsync(cancel)).ToDictionary(table => (table.Database, table.Table));
        var wrong = expected.Where(table => found.GetValueOrDefault((table.Database, table.Table)) != table).ToList();
        return wrong.Count == 0
            ? expected.Count
            : throw new IOException(
                $"{wrong.Count} of {expected.Count} tables are not as they were copied: "
                    + string.Join(", ", wrong.Take(10).Select(table => $"{table.Database}.{table.Table}"))
            );
    }

    private async Task<int> SampleAsync(CancellationToken cancel)
    {
        if (uploads is null)
            return 0;
        await uploads.ReadAsync(cancel);
        if (uploads.Snapshots is not [.., var last])
            return 0;
        var sample = await uploads.SampleAsync(last, Sample, cancel);
        return sample.IsGood
            ? sample.Files.Count
            : throw new IOException(
                "uploads are not what they were: "
                    + string.Join(
                        ", ",
                        sample.Files.Where(file => !file.Restored || file.Upload is UploadsComparison.Differs).Select(file => file.Path)
                    )
            );
    }
}
