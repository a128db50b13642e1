using System.Data.Common;
using Microsoft.Extensions.Options;
using WpFarm.Orchestrator.Database.Seeding;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Database;

/// <summary>
/// The single authority for who takes writes: looks at every server, decides, acts, once a second. Each look starts from what
/// the servers say, so it may be stopped at any point and started again. While it is down nothing changes roles, and the proxies go on.
/// </summary>
internal sealed partial class DatabaseAuthority(
    IReadOnlyList<IDatabaseServer> servers,
    DatabaseState state,
    DatabaseOrders orders,
    ISeeder seeder,
    DatabaseMetrics metrics,
    IOptions<DatabaseAuthorityOptions> options,
    TimeProvider time,
    ILogger<DatabaseAuthority> logger
) : BackgroundService
{
    private readonly ClusterStateStore _store = new(servers, time);
    private ClusterState _known = new();
    private IReadOnlyList<string> _held = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        do
        {
            await TickAsync(stoppingToken);
            timer.Period = _known.SilentSince is null ? options.Value.Interval : options.Value.SuspectInterval;
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task TickAsync(CancellationToken cancel)
    {
        try
        {
            var looked = time.GetUtcNow();
            var observed = await Task.WhenAll(servers.Select(server => ObserveAsync(server, cancel)));
            if (!_store.IsRead && !await ReadAsync(observed, cancel))
                return;
            _known = orders.Apply(_known.After(observed, looked));
            await _store.WriteAsync(_known, observed, cancel);
            var actions = ReplicationPlan.Decide(observed, _known, options.Value.Failover, time.GetUtcNow());
            state.Current = new DatabaseSnapshot(time.GetUtcNow(), observed, actions) { Known = _known };
            LogNewlyHeld(actions);
            var succeeded = true;
            foreach (var action in actions)
                succeeded &= await TryActAsync(action, observed, cancel);
            if (orders.TakeSwitchover() is { } order)
                await SwitchAsync(order, observed, cancel);
            if (orders.TakeRenewal() is { } renewal)
                await RenewAsync(renewal, cancel);
            metrics.Ticked(succeeded);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            metrics.Ticked(succeeded: false);
            LogTickFailed(e);
        }
    }

    /// <summary>What an Orchestrator before this one knew. Nothing is decided without.</summary>
    private async Task<bool> ReadAsync(IReadOnlyList<ServerObservation> observed, CancellationToken cancel)
    {
        if (await _store.ReadAsync(cancel) is { } stored)
        {
            _known = stored;
            return true;
        }

        state.Current = new DatabaseSnapshot(
            time.GetUtcNow(),
            observed,
            [new ReplicationAction.Hold("fewer than half of the servers answer: what was decided before cannot be known")]
        );
        LogNewlyHeld(state.Current.Actions);
        metrics.Ticked(succeeded: true);
        return false;
    }

    private static async Task<ServerObservation> ObserveAsync(IDatabaseServer server, CancellationToken cancel)
    {
        try
        {
            return ServerObservation.Of(server.Identity, await server.ObserveAsync(cancel));
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            return ServerObservation.Unreachable(server.Identity, e.Message);
        }
    }

    /// <summary>One server that refuses must not keep the others from what they need.</summary>
    private async Task<bool> TryActAsync(ReplicationAction action, IReadOnlyList<ServerObservation> observed, CancellationToken cancel)
    {
        if (action is ReplicationAction.Hold)
            return true;
        try
        {
            // The seeder says itself when it begins.
            if (action is not ReplicationAction.Seed)
                LogActing(action.GetType().Name, action.Reason);
            if (action is ReplicationAction.Follow { Acknowledges: true, Server: var holder })
                await KnowAsync(_known.WithHolder(holder), observed, cancel);
            await ActAsync(action, observed, cancel);
            metrics.Acted(action);
            return true;
        }
        catch (Exception e) when (e is DbException or TimeoutException or HttpRequestException or PhaseFailedException)
        {
            LogActionFailed(action.GetType().Name, action.Reason, e.Message);
            return false;
        }
    }

    private Task ActAsync(ReplicationAction action, IReadOnlyList<ServerObservation> observed, CancellationToken cancel) =>
        action switch
        {
            ReplicationAction.Follow(var server, var sources, var acknowledges, _) => Find(server)
                .FollowAsync(sources, acknowledges, cancel),
            ReplicationAction.AwaitAcknowledgement(var server, var awaits, _) => Find(server).AwaitAcknowledgementAsync(awaits, cancel),
            ReplicationAction.EndWaiting(var server, _) => Find(server).EndWaitingAsync(cancel),
            ReplicationAction.MakeReadOnly(var server, _) => Find(server).SetReadOnlyAsync(true, cancel),
            ReplicationAction.Crash(var server, _) => Find(server).CrashAsync(cancel),
            ReplicationAction.HandOver(var to, var reason) => SwitchAsync(new SwitchoverOrder(to) { Reason = reason }, observed, cancel),
            ReplicationAction.Seed seed => seeder.AdvanceAsync(seed, cancel),
            ReplicationAction.Promote promote => PromoteAsync(promote, observed, cancel),
            _ => throw new NotSupportedException($"Nobody knows how to do {action}."),
        };

    private async Task PromoteAsync(ReplicationAction.Promote promote, IReadOnlyList<ServerObservation> observed, CancellationToken cancel)
    {
        var failedOver = _known.Writer is not null && _known.SilentSince is not null;
        // Those that answer are fenced and follow; one of them acknowledges from the first write on, so it must not count as done with.
        var silent = observed.Where(server => server is { Answers: false, Server.IsPrimary: true }).Select(server => server.Server);
        var report = await new Promotion(servers, options.Value.Failover, time, state.Tell).RunAsync(
            promote,
            _known,
            observed,
            gap => KnowAsync(_known.Promoted(promote.Server, silent, gap, failedOver, time.GetUtcNow()), observed, cancel),
            cancel
        );
        metrics.Promoted(report, failedOver);
        LogPromoted(
            report.To,
            report.From ?? "nobody",
            (report.Ended - report.Since)!.Value.TotalSeconds,
            string.Join(", ", report.Phases.Select(phase => $"{phase.Name} {phase.Took.TotalMilliseconds:0} ms"))
        );
    }

    /// <summary>Before anything rests on it.</summary>
    private async Task KnowAsync(ClusterState known, IReadOnlyList<ServerObservation> observed, CancellationToken cancel)
    {
        await _store.WriteAsync(known, observed, cancel);
        _known = known;
    }

    /// <summary><see cref="Switchover"/> first takes the role from the present writer.</summary>
    private async Task SwitchAsync(SwitchoverOrder order, IReadOnlyList<ServerObservation> observed, CancellationToken cancel)
    {
        try
        {
            var promote = await new Switchover(servers).PrepareAsync(order, observed, _known, cancel);
            await PromoteAsync(promote, await Task.WhenAll(servers.Select(server => ObserveAsync(server, cancel))), cancel);
            order.Completion.TrySetResult(null);
        }
        catch (Exception e) when (e is DbException or TimeoutException or HttpRequestException or PhaseFailedException or RefusedException)
        {
            LogActionFailed("Switchover", $"{order.Reason}, to {order.To?.Name ?? "the other primary"}", e.Message);
            order.Completion.TrySetResult(e.Message);
        }
    }

    /// <summary>One server after the other, so that the one that acknowledges is away for a moment only.</summary>
    private async Task RenewAsync(TaskCompletionSource<string?> done, CancellationToken cancel)
    {
        var observed = await Task.WhenAll(servers.Select(server => ObserveAsync(server, cancel)));
        var failed = observed.Where(server => !server.Answers).Select(server => server.Server.Name).ToList();
        foreach (var follow in ReplicationPlan.Renewed(observed))
            if (!await TryActAsync(follow, observed, cancel))
                failed.Add(follow.Server.Name);
        done.TrySetResult(failed.Count == 0 ? null : $"{string.Join(" and ", failed)} could not be given the password of replication anew");
    }

    private IDatabaseServer Find(DatabaseServer server) => servers.First(candidate => candidate.Identity == server);

    /// <summary>What is held is found again each second, and said once.</summary>
    private void LogNewlyHeld(IReadOnlyList<ReplicationAction> actions)
    {
        var held = actions.OfType<ReplicationAction.Hold>().Select(action => action.Reason).ToList();
        foreach (var reason in held.Except(_held))
            LogHeld(reason);
        _held = held;
    }
}
