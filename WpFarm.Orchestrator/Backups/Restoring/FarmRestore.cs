using WpFarm.Backups.Gtid;
using WpFarm.Backups.Recovery;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Procedures;
using WpFarm.Orchestrator.Sites;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Backups.Restoring;

/// <summary>
/// Puts the whole farm back to an earlier moment. Nobody writes meanwhile; one primary gets what was backed up, then a second server a copy
/// of that, so that no commit is on one server alone; then it opens, and the others are seeded anew. Until it opens it can be given up:
/// then the farm goes on with what it had.
/// </summary>
internal sealed class FarmRestore(
    BackupRepository place,
    BackupIndex ledger,
    Farm farm,
    IReadOnlyList<MariaDbServer> servers,
    DatabaseState database,
    DatabaseOrders orders,
    UploadsRecovery uploads,
    SiteCaches caches,
    TimeProvider time
)
{
    private static readonly TimeSpan s_still = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_open = TimeSpan.FromSeconds(60);

    /// <exception cref="RefusedException">It cannot be; the message says why, and what could be done instead.</exception>
    public RecoveryPlan Plan(RecoveryTarget target)
    {
        var decision = ledger.Plan(target, [place.Key.Id]);
        return decision.Plan ?? throw new RefusedException(decision.Refusal!);
    }

    /// <param name="withUploads">The sites' uploads go back too.</param>
    /// <exception cref="PhaseFailedException">In which phase, and why. Until "open" is done the farm stands still, until it is restored again or that is given up.</exception>
    public async Task RunAsync(RecoveryTarget target, bool withUploads, Action<BackupReport> tell, CancellationToken cancel)
    {
        var restore = new Procedure<BackupReport>(new($"restoration to {target}", time.GetUtcNow()), time, tell);
        var (plan, into, second) = (default(RecoveryPlan)!, default(MariaDbServer)!, default(MariaDbServer)!);
        await restore.PhaseAsync("plan", () =>
        {
            plan = Plan(target);
            (into, second) = Choose();
            return Task.FromResult($"{plan.Chain.Last.Id} and {plan.Logs.Count} binary logs, into {into.Identity}");
        });
        await restore.PhaseAsync("stop", "nobody writes", () =>
        {
            orders.Change(known => known with { Restoring = into.Identity });
            return Wait.UntilAsync(
                () => Task.FromResult(IsStill(into.Identity)),
                s_still,
                "the servers are not all read-only",
                time,
                cancel
            );
        });

        var recovery = new ServerRecovery(place, into, plan, restore);
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
            return Wait.UntilAsync(
                () => Task.FromResult(database.Current.Writer == into.Identity),
                s_open,
                "nobody takes writes",
                time,
                cancel
            );
        });
        if (withUploads)
            await restore.PhaseAsync("uploads", () => uploads.RestoreAsync(site: null, plan.Moment, cancel));
        await restore.ForgetAsync(caches, farm.Sites, cancel);
        restore.End();
    }

    /// <summary>The farm goes on with what it had, as far as no server has lost that.</summary>
    public void GiveUp() => orders.Change(known => known with { Restoring = null });

    /// <summary>Not into the writer: what it has is what is gone back to when this is given up.</summary>
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

    private bool IsStill(DatabaseServer into) =>
        database.Current.Known.Restoring == into
        && database.Current.Servers.All(server =>
            !server.Answers || (server.Status.ReadOnly && server.Status.Channels.All(channel => channel.IsStopped))
        );

    /// <summary>
    /// In each domain, what lies between what was restored and what will be written: all numbers that anybody gave since. Whoever has one
    /// of them has what is no more.
    /// </summary>
    private List<Gap> Gaps(GtidPosition restored)
    {
        var given = ledger
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
