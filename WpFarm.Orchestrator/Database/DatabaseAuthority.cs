using System.Data.Common;
using Microsoft.Extensions.Options;

namespace WpFarm.Orchestrator.Database;

/// <summary>
/// The single authority for who takes writes: looks at every server, decides, acts, once a second. Each look starts from what
/// the servers say, so it may be stopped at any point and started again. While it is down nothing changes roles, and the proxies go on.
/// </summary>
internal sealed partial class DatabaseAuthority(
    IReadOnlyList<IDatabaseServer> servers,
    DatabaseState state,
    DatabaseMetrics metrics,
    IOptions<DatabaseAuthorityOptions> options,
    TimeProvider time,
    ILogger<DatabaseAuthority> logger) : BackgroundService
{
    private IReadOnlyList<string> _held = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        do
            await TickAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task TickAsync(CancellationToken cancel)
    {
        try
        {
            var observed = await Task.WhenAll(servers.Select(server => ObserveAsync(server, cancel)));
            var actions = ReplicationPlan.Decide(observed);
            state.Current = new DatabaseSnapshot(time.GetUtcNow(), observed, actions);
            LogNewlyHeld(actions);
            var succeeded = true;
            foreach (var action in actions)
                succeeded &= await TryActAsync(action, cancel);
            metrics.Ticked(succeeded);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            metrics.Ticked(succeeded: false);
            LogTickFailed(e);
        }
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
    private async Task<bool> TryActAsync(ReplicationAction action, CancellationToken cancel)
    {
        if (action is ReplicationAction.Hold)
            return true;
        try
        {
            LogActing(action.GetType().Name, action.Reason);
            await ActAsync(action, cancel);
            metrics.Acted(action);
            return true;
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            LogActionFailed(action.GetType().Name, action.Reason, e.Message);
            return false;
        }
    }

    private Task ActAsync(ReplicationAction action, CancellationToken cancel) => action switch
    {
        ReplicationAction.Follow(var server, var source, var replaces, _) => Find(server).FollowAsync(source, replaces, cancel),
        ReplicationAction.StartChannel(var server, var channel, _) => Find(server).StartChannelAsync(channel, cancel),
        ReplicationAction.MakeReadOnly(var server, _) => Find(server).SetReadOnlyAsync(true, cancel),
        ReplicationAction.MakeWritable(var server, _) => Find(server).SetReadOnlyAsync(false, cancel),
        _ => throw new NotSupportedException($"Nobody knows how to do {action}."),
    };

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
