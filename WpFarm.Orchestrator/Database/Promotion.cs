using WpFarm.Backups.Gtid;
using WpFarm.Backups.Polling;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Database;

/// <summary>
/// Makes a server the writer, in named phases. Each phase can be repeated: after an interruption or a failure, the next attempt starts from
/// what the servers then report. No server takes writes before the phase <c>promote</c> ends, so nothing needs to be undone before it.
/// </summary>
internal sealed class Promotion(
    IReadOnlyList<IDatabaseServer> servers,
    FailoverPolicy policy,
    TimeProvider time,
    Action<PromotionReport> publish
)
{
    /// <summary>Time limit for the acknowledging server to connect to the new writer.</summary>
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(5);

    /// <param name="seen">The observations that the decision was based on.</param>
    /// <param name="store">Stores that the candidate is the writer, before it takes writes.</param>
    /// <exception cref="PhaseFailedException">A phase failed. The message names it and the reason.</exception>
    public async Task<PromotionReport> RunAsync(
        ReplicationAction.Promote decision,
        ClusterState known,
        IReadOnlyList<ServerObservation> seen,
        Func<Gap, Task> store,
        CancellationToken cancel
    )
    {
        var candidate = Find(decision.Server);
        var others = seen.Where(server => server.Answers && server.Server != decision.Server)
            .Select(server => Find(server.Server))
            .ToList();
        var promotion = new Procedure<PromotionReport>(
            new(known.Writer?.Name, decision.Server.Name, decision.Reason, known.SilentSince ?? time.GetUtcNow()),
            time,
            publish
        );
        ServerObservation[] fenced = [];

        await promotion.PhaseAsync("fence", "no server receives from the previous writer, so that writer answers no commit", () =>
            Task.WhenAll(others.Append(candidate).Select(server => server.StopReceivingAsync(cancel)))
        );
        await promotion.PhaseAsync("choose", async () =>
        {
            fenced = await Task.WhenAll(
                others.Append(candidate).Select(async server => ServerObservation.Of(server.Identity, await server.ObserveAsync(cancel)))
            );
            // A diverged server follows no other, and is dealt with once there is a writer.
            fenced = [.. fenced.Where(server => server.Server == candidate.Identity || !Divergence.HasRolledBack(server, known))];
            others.RemoveAll(server => !fenced.Any(seen => seen.Server == server.Identity));
            return string.Join("; ", fenced.Select(server => $"{server.Server} {server.Status!.Received}"));
        });
        await promotion.PhaseAsync("catch up", () => CatchUpAsync(candidate, others, fenced, cancel));
        await promotion.PhaseAsync("repoint", () => RepointAsync(candidate, others, fenced, known, cancel));
        await promotion.PhaseAsync("promote", "takes writes", () => PromoteAsync(candidate, others, store, cancel));
        return promotion.End();
    }

    /// <summary>
    /// Brings the candidate up to the most advanced server. A transaction that reached only one follower, and was not answered to any
    /// client, may be kept or lost, but must be so on all servers alike. It is kept.
    /// </summary>
    private async Task<string> CatchUpAsync(
        IDatabaseServer candidate,
        List<IDatabaseServer> others,
        IReadOnlyList<ServerObservation> fenced,
        CancellationToken cancel
    )
    {
        var own = fenced.First(server => server.Server == candidate.Identity).Status!.Received;
        await candidate.CatchUpAsync(own, policy.CatchUp, cancel);
        foreach (var ahead in fenced.Where(server => !own.Covers(server.Status!.Received.OfPrimaries)))
        {
            var source = others.First(server => server.Identity == ahead.Server);
            await source.CatchUpAsync(ahead.Status!.Received, policy.CatchUp, cancel);
            // The candidate must acknowledge here: only then does it accept back its own transactions that it rolled back in a crash.
            await candidate.FollowAsync([source.Identity], acknowledges: true, cancel);
            await candidate.CatchUpAsync(ahead.Status.Received.OfPrimaries, policy.CatchUp, cancel);
            await candidate.StopReceivingAsync(cancel);
            own = own.With(ahead.Status.Received.OfPrimaries);
        }

        return own.ToString();
    }

    private async Task<string> RepointAsync(
        IDatabaseServer candidate,
        List<IDatabaseServer> others,
        IReadOnlyList<ServerObservation> fenced,
        ClusterState known,
        CancellationToken cancel
    )
    {
        var followers = others
            .Where(server => !fenced.First(seen => seen.Server == server.Identity).Status!.Channels.Any(channel => channel.IsBroken))
            .ToList();
        // A server that lacks many transactions comes last: commits would wait for it.
        var acknowledger = followers
            .OrderBy(server => known.IsOut(server.Identity))
            .ThenBy(LacksMuch)
            .ThenByDescending(server => server.Identity.IsPrimary)
            .FirstOrDefault();
        if (acknowledger is null && !servers.All(server => server == candidate || known.Maintenance.Contains(server.Identity)))
            throw new TimeoutException("no other server can acknowledge");
        await Task.WhenAll(
            followers.Select(server =>
                server.FollowAsync([candidate.Identity], acknowledges: server == acknowledger || server.Identity.IsPrimary, cancel)
            )
        );
        return acknowledger is null ? "no server follows" : $"{acknowledger.Identity} acknowledges";

        bool LacksMuch(IDatabaseServer server) => Received(server).Behind(Received(candidate)) > ReplicationPlan.MostBehind;
        GtidPosition Received(IDatabaseServer server) => fenced.First(seen => seen.Server == server.Identity).Status!.Received.OfPrimaries;
    }

    private async Task PromoteAsync(
        IDatabaseServer candidate,
        List<IDatabaseServer> others,
        Func<Gap, Task> store,
        CancellationToken cancel
    )
    {
        var status = await candidate.ObserveAsync(cancel);
        var gap = Gap.After(status.Domain, status.Position);
        await store(gap);
        if (others.Count > 0)
        {
            await candidate.AwaitAcknowledgementAsync(true, cancel);
            await Poll.UntilAsync(
                async () => (await candidate.ObserveAsync(cancel)).Acknowledgers > 0,
                s_connect,
                "no server connected to acknowledge",
                time,
                cancel
            );
        }

        await candidate.BeginTermAsync(gap.First, cancel);
        await candidate.SetReadOnlyAsync(false, cancel);
    }

    private IDatabaseServer Find(DatabaseServer server) => servers.First(candidate => candidate.Identity == server);
}
