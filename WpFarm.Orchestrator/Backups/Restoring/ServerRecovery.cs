using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Recovery;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Database.Seeding;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Backups.Restoring;

/// <summary>
/// Restores one server as a <see cref="RecoveryPlan"/> says, whatever it held before. Its phases become part of the caller's procedure.
/// </summary>
internal sealed class ServerRecovery(BackupRepository repository, MariaDbServer server, RecoveryPlan plan, Procedure<BackupReport> work)
{
    private long _moved;

    /// <summary>Replaces the server's data by the backups of the chain.</summary>
    /// <param name="aside">Whether the present data is kept beside the new.</param>
    public async Task SeedAsync(bool aside, CancellationToken cancel)
    {
        var agent = server.Agent;
        await work.PhaseAsync("room", async () =>
        {
            var (free, needed) = (
                (await agent.RoomAsync(cancel)).Free,
                plan.Chain.Backups.Sum(backup => backup.PlainBytes) + SeedSpace.Spare
            );
            return free >= needed
                ? $"{needed >> 20} MB of {free >> 20}"
                : throw new RefusedException($"{server.Identity} has {free >> 20} MB free and needs {needed >> 20} MB: free space there");
        });
        try
        {
            await work.PhaseAsync("fetch", async () =>
            {
                foreach (var backup in plan.Chain.Backups)
                    await FetchAsync(backup, backup.Kind.IsIncrement ? agent.TakeIncrementAsync : agent.TakeBaseAsync, cancel);
                return string.Join(", ", plan.Chain.Backups.Select(backup => backup.Id));
            });
            await work.PhaseAsync("use", $"{server.Identity} starts with it", () =>
                agent.UseAsync(plan.Chain.Last.GtidEnd!.ToString(), aside, cancel)
            );
        }
        catch (PhaseFailedException)
        {
            await agent.GiveUpAsync(cancel);
            throw;
        }

        await work.PhaseAsync("return", $"{server.Identity} answers", () => server.ReturnsAsync(plan.Chain.Position, cancel));
    }

    /// <summary>Applies the binary logs up to the target.</summary>
    public Task ReplayAsync(CancellationToken cancel) => work.PhaseAsync("replay", async () =>
        {
            foreach (var step in plan.Logs)
                await FetchAsync(step.Log, (log, cancel) => server.Agent.ReplayAsync(log, step.From, Limit, cancel), cancel);
            var reached = (await server.ObserveAsync(cancel)).Position.OfPrimaries;
            return $"{plan.Logs.Count} binary logs, to {reached}";
        });

    private ReplayLimit? Limit =>
        plan.Target switch
        {
            RecoveryTarget.Moment moment => new ReplayLimit.Until(moment.At),
            RecoveryTarget.Transaction transaction => new ReplayLimit.Through(transaction.Gtid),
            _ => null,
        };

    private async Task FetchAsync(BackupManifest backup, Func<Stream, CancellationToken, Task> take, CancellationToken cancel)
    {
        await using var content = await repository.Catalogue.OpenAsync(backup, repository.Key, cancel);
        await take(
            new CountedStream(content, bytes => work.Publish(work.Report with { Bytes = _moved + bytes, OfBytes = plan.Bytes })),
            cancel
        );
        _moved += backup.CompressedBytes;
    }
}
