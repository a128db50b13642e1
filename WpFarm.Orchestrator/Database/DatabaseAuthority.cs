using System.Data.Common;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Database.Seeding;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Database;

/// <summary>
/// Decides alone which server takes writes. Once a second it observes every server, decides and acts. It starts each time from what the
/// servers report, so it may be stopped and started at any point. While it is down, no server changes its role and the proxies continue.
/// </summary>
internal sealed partial class DatabaseAuthority(
    IReadOnlyList<IDatabaseServer> servers,
    DatabaseState state,
    DatabaseOrders orders,
    ISeeder seeder,
    DatabaseMetrics metrics,
    IOptions<DatabaseSettings> options,
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

    /// <summary>Reads the cluster state that an earlier Orchestrator stored. Nothing is decided without it.</summary>
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

    /// <summary>Carries out one action. A failure is logged and does not stop the actions for other servers.</summary>
    private async Task<bool> TryActAsync(ReplicationAction action, IReadOnlyList<ServerObservation> observed, CancellationToken cancel)
    {
        if (action is ReplicationAction.Hold)
            return true;
        try
        {
            // The seeder itself logs when it begins.
            if (action is not ReplicationAction.Seed)
                LogActing(action.GetType().Name, action.Reason);
            if (action is ReplicationAction.Follow { Acknowledges: true, Server: var holder })
                await StoreAsync(_known.WithHolder(holder), observed, cancel);
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
            _ => throw new NotSupportedException($"There is no implementation of the action {action}."),
        };

    private async Task PromoteAsync(ReplicationAction.Promote promote, IReadOnlyList<ServerObservation> observed, CancellationToken cancel)
    {
        var failedOver = _known.Writer is not null && _known.SilentSince is not null;
        // Servers that answer are fenced and follow the new writer. One of them acknowledges from the first write on, so they must not be
        // recorded as deposed.
        var silent = observed.Where(server => server is { Answers: false, Server.IsPrimary: true }).Select(server => server.Server);
        var report = await new Promotion(servers, options.Value.Failover, time, state.Publish).RunAsync(
            promote,
            _known,
            observed,
            gap => StoreAsync(_known.Promoted(promote.Server, silent, gap, failedOver, time.GetUtcNow()), observed, cancel),
            cancel
        );
        metrics.Promoted(report, failedOver);
        LogPromoted(
            report.To,
            report.From ?? "no server",
            (report.Ended - report.Since)!.Value.TotalSeconds,
            string.Join(", ", report.Phases.Select(phase => $"{phase.Name} {phase.Took.TotalMilliseconds:0} ms"))
        );
    }

    /// <summary>Stores the state on the servers. It must be called before an action relies on the state.</summary>
    private async Task StoreAsync(ClusterState known, IReadOnlyList<ServerObservation> observed, CancellationToken cancel)
    {
        await _store.WriteAsync(known, observed, cancel);
        _known = known;
    }

    /// <summary>
    /// Carries out a switchover: <see cref="Switchover"/> takes the role from the present writer, then the other server is promoted.
    /// </summary>
    private async Task SwitchAsync(SwitchoverOrder order, IReadOnlyList<ServerObservation> observed, CancellationToken cancel)
    {
        try
        {
            var promote = await new Switchover(servers).PrepareAsync(order, observed, _known, cancel);
            await PromoteAsync(promote, await Task.WhenAll(servers.Select(server => ObserveAsync(server, cancel))), cancel);
            order.Completion.TrySetResult(Outcome.Accepted);
        }
        catch (Exception e) when (e is DbException or TimeoutException or HttpRequestException or PhaseFailedException or RefusedException)
        {
            LogActionFailed("Switchover", $"{order.Reason}, to {order.To?.Name ?? "the other primary"}", e.Message);
            order.Completion.TrySetResult(Outcome.Refused(e.Message));
        }
    }

    /// <summary>
    /// Renews the replication password on one server after the other, so that the acknowledging server is disconnected only for a moment.
    /// </summary>
    private async Task RenewAsync(TaskCompletionSource<Outcome> done, CancellationToken cancel)
    {
        var observed = await Task.WhenAll(servers.Select(server => ObserveAsync(server, cancel)));
        var failed = observed.Where(server => !server.Answers).Select(server => server.Server.Name).ToList();
        foreach (var follow in ReplicationPlan.Renewed(observed))
            if (!await TryActAsync(follow, observed, cancel))
                failed.Add(follow.Server.Name);
        done.TrySetResult(
            failed.Count == 0
                ? Outcome.Accepted
                : Outcome.Refused($"{string.Join(" and ", failed)} did not reconnect with the present replication password")
        );
    }

    private IDatabaseServer Find(DatabaseServer server) => servers.First(candidate => candidate.Identity == server);

    /// <summary>Logs each hold once, although it is decided again each second.</summary>
    private void LogNewlyHeld(IReadOnlyList<ReplicationAction> actions)
    {
        var held = actions.OfType<ReplicationAction.Hold>().Select(action => action.Reason).ToList();
        foreach (var reason in held.Except(_held))
            LogHeld(reason);
        _held = held;
    }
}
