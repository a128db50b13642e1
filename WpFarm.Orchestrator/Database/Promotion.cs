namespace WpFarm.Orchestrator.Database;

/// <summary>
/// Makes a server the writer, in named phases. Each can be repeated: whoever is interrupted, or fails, starts again from what the
/// servers then say. Nobody takes writes before the phase <c>promote</c> is over, so there is nothing to undo before it.
/// </summary>
internal sealed class Promotion(IReadOnlyList<IDatabaseServer> servers, FailoverPolicy policy, TimeProvider time, Action<PromotionReport> tell)
{
    /// <summary>The server that acknowledges connects to the new writer within this time.</summary>
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(5);

    private PromotionReport _report = null!;

    /// <param name="seen">What was decided on.</param>
    /// <param name="know">Makes it known, before it is so, that the candidate is the writer.</param>
    /// <exception cref="PromotionFailedException">In which phase, and why.</exception>
    public async Task<PromotionReport> RunAsync(ReplicationAction.Promote decision, Knowledge known, IReadOnlyList<ServerObservation> seen, Func<Gap, Task> know, CancellationToken cancel)
    {
        var candidate = Find(decision.Server);
        var others = seen.Where(server => server.Answers && server.Server != decision.Server).Select(server => Find(server.Server)).ToList();
        _report = new PromotionReport(known.Writer?.Name, decision.Server.Name, decision.Reason, known.SilentSince ?? time.GetUtcNow());
        IReadOnlyList<ServerObservation> fenced = [];

        await PhaseAsync("fence", "nobody receives from the writer before, so nobody answers for it", () =>
            Task.WhenAll(others.Append(candidate).Select(server => server.StopReceivingAsync(cancel))));
        await PhaseAsync("choose", $"{candidate.Identity} is the one with most, or gets it from the others", async () =>
        {
            fenced = await Task.WhenAll(others.Append(candidate).Select(async server => ServerObservation.Of(server.Identity, await server.ObserveAsync(cancel))));
            return string.Join("; ", fenced.Select(server => $"{server.Server} {server.Status!.Received}"));
        });
        await PhaseAsync("catch up", "all that anybody has received is applied", () => CatchUpAsync(candidate, others, fenced, cancel));
        await PhaseAsync("repoint", "the others follow, one acknowledges", () => RepointAsync(candidate, others, fenced, known, cancel));
        await PhaseAsync("promote", "takes writes", () => PromoteAsync(candidate, others, know, cancel));
        _report = _report with { Ended = time.GetUtcNow() };
        tell(_report);
        return _report;
    }

    /// <summary>
    /// A transaction that reached one follower only, and was answered to nobody, may survive as well as not; but on all servers or on none.
    /// It survives.
    /// </summary>
    private async Task<string> CatchUpAsync(IDatabaseServer candidate, List<IDatabaseServer> others, IReadOnlyList<ServerObservation> fenced, CancellationToken cancel)
    {
        var own = fenced.First(server => server.Server == candidate.Identity).Status!.Received;
        await candidate.CatchUpAsync(own, policy.CatchUp, cancel);
        foreach (var ahead in fenced.Where(server => !own.Covers(server.Status!.Received.OfPrimaries)))
        {
            var source = others.First(server => server.Identity == ahead.Server);
            await source.CatchUpAsync(ahead.Status!.Received, policy.CatchUp, cancel);
            // Acknowledging, because only so it takes back what it wrote itself and gave up in a crash.
            await candidate.FollowAsync([source.Identity], acknowledges: true, cancel);
            await candidate.CatchUpAsync(ahead.Status.Received.OfPrimaries, policy.CatchUp, cancel);
            await candidate.StopReceivingAsync(cancel);
            own = own.With(ahead.Status.Received.OfPrimaries);
        }

        return own.ToString();
    }

    private async Task<string> RepointAsync(IDatabaseServer candidate, List<IDatabaseServer> others, IReadOnlyList<ServerObservation> fenced, Knowledge known, CancellationToken cancel)
    {
        var followers = others.Where(server => !fenced.First(seen => seen.Server == server.Identity).Status!.Channels.Any(channel => channel.IsBroken)).ToList();
        var acknowledger = followers.OrderBy(server => known.Maintenance.Contains(server.Identity)).ThenByDescending(server => server.Identity.IsPrimary).FirstOrDefault();
        if (acknowledger is null && !servers.All(server => server == candidate || known.Maintenance.Contains(server.Identity)))
            throw new TimeoutException("no other server is there to acknowledge");
        await Task.WhenAll(followers.Select(server => server.FollowAsync([candidate.Identity], acknowledges: server == acknowledger || server.Identity.IsPrimary, cancel)));
        return acknowledger is null ? "nobody follows" : $"{acknowledger.Identity} acknowledges";
    }

    private async Task PromoteAsync(IDatabaseServer candidate, List<IDatabaseServer> others, Func<Gap, Task> know, CancellationToken cancel)
    {
        var status = await candidate.ObserveAsync(cancel);
        var gap = Gap.After(status.Domain, status.Position);
        await know(gap);
        if (others.Count > 0)
        {
            await candidate.AwaitAcknowledgementAsync(true, cancel);
            await Wait.UntilAsync(async () => (await candidate.ObserveAsync(cancel)).Acknowledgers > 0, s_connect, "nobody connected to acknowledge", time, cancel);
        }

        await candidate.BeginTermAsync(gap.First, cancel);
        await candidate.SetReadOnlyAsync(false, cancel);
    }

    private Task PhaseAsync(string name, string what, Func<Task> work) => PhaseAsync(name, what, async () =>
    {
        await work();
        return what;
    });

    private async Task PhaseAsync(string name, string what, Func<Task<string>> work)
    {
        var started = time.GetTimestamp();
        _report = _report with { Running = name };
        tell(_report);
        try
        {
            var found = await work();
            _report = _report with { Running = null, Phases = [.. _report.Phases, new(name, time.GetElapsedTime(started), found)] };
        }
        catch (Exception e) when (e is System.Data.Common.DbException or TimeoutException or HttpRequestException)
        {
            _report = _report with { Running = null, Failure = $"{name}: {e.Message}", Phases = [.. _report.Phases, new(name, time.GetElapsedTime(started), $"{what}: {e.Message}")] };
            tell(_report);
            throw new PromotionFailedException(_report.Failure, e);
        }
    }

    private IDatabaseServer Find(DatabaseServer server) => servers.First(candidate => candidate.Identity == server);
}

/// <param name="From">The writer before; null when there was none.</param>
/// <param name="Since">Since when there is no writer that answers.</param>
internal sealed record PromotionReport(string? From, string To, string Reason, DateTimeOffset Since)
{
    /// <summary>The phase that runs now.</summary>
    public string? Running { get; init; }

    public IReadOnlyList<PhaseReport> Phases { get; init; } = [];

    public string? Failure { get; init; }

    public DateTimeOffset? Ended { get; init; }
}

/// <param name="Result">What it found or did.</param>
internal sealed record PhaseReport(string Name, TimeSpan Took, string Result);

/// <summary>The message says in which phase, and why.</summary>
internal sealed class PromotionFailedException(string message, Exception inner) : Exception(message, inner);
