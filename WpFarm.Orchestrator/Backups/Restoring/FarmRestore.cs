using WpFarm.Backups.Gtid;
using WpFarm.Backups.Polling;
using WpFarm.Backups.Recovery;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Procedures;
using WpFarm.Orchestrator.Sites;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Backups.Restoring;

/// <summary>
/// Restores the whole farm to an earlier moment. No server takes writes meanwhile. One primary gets the backed-up data, then a second
/// server gets a copy of it, so that no commit exists on one server only. Then the farm opens, and the other servers are reseeded. Until it
/// opens, the restore can be aborted: then the farm continues with its former data.
/// </summary>
internal sealed class FarmRestore(
    BackupRepository repository,
    BackupIndex index,
    Farm farm,
    IReadOnlyList<MariaDbServer> servers,
    DatabaseState database,
    DatabaseOrders orders,
    UploadsRecovery uploads,
    SiteCaches caches,
    TimeProvider time
)
{
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_writerLimit = TimeSpan.FromSeconds(60);

    /// <exception cref="RefusedException">The target cannot be restored. The message says why, and what could be done instead.</exception>
    public RecoveryPlan Plan(RecoveryTarget target)
    {
        var decision = index.Plan(target, [repository.Key.Id]);
        return decision.Plan ?? throw new RefusedException(decision.Refusal!);
    }

    /// <param name="withUploads">Whether the sites' uploads are restored too.</param>
    /// <exception cref="PhaseFailedException">
    /// A phase failed. The message names it and the reason. If the phase "open" was not done, the farm takes no writes until it is restored
    /// again or the restore is aborted.
    /// </exception>
    public async Task RunAsync(RecoveryTarget target, bool withUploads, Action<BackupReport> publish, CancellationToken cancel)
    {
        var restore = new Procedure<BackupReport>(new($"restoration to {target}", time.GetUtcNow()), time, publish);
        var (plan, into, second) = (default(RecoveryPlan)!, default(MariaDbServer)!, default(MariaDbServer)!);
        await restore.PhaseAsync("plan", () =>
        {
            plan = Plan(target);
            (into, second) = Choose();
            return Task.FromResult($"{plan.Chain.Last.Id} and {plan.Logs.Count} binary logs, into {into.Identity}");
        });
        await restore.PhaseAsync("stop", "no server takes writes", () =>
        {
            orders.Change(known => known with { Restoring = into.Identity });
            return Poll.UntilAsync(
                () => Task.FromResult(IsStopped(into.Identity)),
                s_stopLimit,
                "the servers are not all read-only",
                time,
                cancel
            );
        });

        var recovery = new ServerRecovery(repository, into, plan, restore);
        await recovery.SeedAsync(aside: false, cancel);
        await recovery.ReplayAsync(cancel);
        IReadOnlyList<Gap> gaps = [];
        await restore.PhaseAsync("number", async () =>
        {
            gaps = Gaps((await into.ObserveAsync(cancel)).Position.OfPrimaries);
            var next = gaps.Aggregate(GtidPosition.Empty, (position, gap) =>
                position.With(GtidPosition.Parse($"{gap.Domain}-{gap.Domain}-{gap.First}"))
            );
            await into.Agent.AdvanceAsync(next, cancel);
            return $"transactions go on from {next}";
        });
        await restore.PhaseAsync("second", () => CopyAsync(into, second, cancel));
        await restore.PhaseAsync("open", $"{into.Identity} takes writes", () =>
        {
            orders.Change(known =>
                known.Restored(
                    into.Identity,
                    servers.Select(server => server.Identity).Where(server => server != into.Identity && server != second.Identity),
                    gaps,
                    time.GetUtcNow()
                )
            );
            return Poll.UntilAsync(
                () => Task.FromResult(database.Current.Writer == into.Identity),
                s_writerLimit,
                "no server takes writes",
                time,
                cancel
            );
        });
        if (withUploads)
            await restore.PhaseAsync("uploads", () => uploads.RestoreAsync(site: null, plan.Moment, cancel));
        await restore.PurgeAsync(caches, farm.Sites, cancel);
        restore.End();
    }

    /// <summary>Aborts the restore. The farm continues with its former data, as far as no server has lost it.</summary>
    public void GiveUp() => orders.Change(known => known with { Restoring = null });

    /// <summary>
    /// Chooses the servers to restore. The writer is not restored first: its data is what the farm continues with if the restore is
    /// aborted.
    /// </summary>
    private (MariaDbServer Into, MariaDbServer Second) Choose()
    {
        var (seen, known) = (database.Current.Servers, database.Current.Known);
        var able = servers.Where(server => seen.Any(look => look.Server == server.Identity && look.Answers)).ToList();
        var into = able.Where(server => server.Identity.IsPrimary)
            .OrderByDescending(server => server.Identity == known.Restoring)
            .ThenBy(server => server.Identity == known.Writer)
            .FirstOrDefault()
            ?? throw new RefusedException("no primary answers");
        var second = able.Where(server => server != into).OrderByDescending(server => server.Identity.IsPrimary).FirstOrDefault()
            ?? throw new RefusedException(
                $"only {into.Identity} answers: a second server is needed, to acknowledge what is committed afterwards"
            );
        return (into, second);
    }

    private bool IsStopped(DatabaseServer into) =>
        database.Current.Known.Restoring == into
        && database.Current.Servers.All(server =>
            !server.Answers || (server.Status.ReadOnly && server.Status.Channels.All(channel => channel.IsStopped))
        );

    /// <summary>
    /// In each GTID domain, the numbers after the restored position and before the next new number: all numbers that were given since. A
    /// server whose last number is among them has transactions that no longer exist.
    /// </summary>
    private List<Gap> Gaps(GtidPosition restored)
    {
        var given = index
            .Backups.Select(backup => backup.GtidEnd?.OfPrimaries)
            .OfType<GtidPosition>()
            .Concat(database.Current.Servers.Where(server => server.Answers).Select(server => server.Status!.Received.OfPrimaries))
            .Aggregate(restored, (all, position) => all.With(position));
        return [.. given.Domains.Select(domain => Gap.After(domain, given) with { Last = restored.NumberIn(domain) })];
    }

    private static async Task<string> CopyAsync(MariaDbServer from, MariaDbServer to, CancellationToken cancel)
    {
        using var copy = await from.Agent.CopyAsync(since: null, contents: false, cancel);
        await to.Agent.TakeBaseAsync(copy.Content, cancel);
        var at = copy.Extent().Gtid;
        await to.Agent.UseAsync(at, aside: true, cancel);
        await to.ReturnsAsync(GtidPosition.Parse(at), cancel);
        return $"{to.Identity} has it too; what it had is kept on its volume, in aside";
    }
}
