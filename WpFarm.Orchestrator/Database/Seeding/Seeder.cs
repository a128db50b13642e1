using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>Reseeds servers from others, one server at a time.</summary>
internal interface ISeeder
{
    /// <summary>
    /// Starts a reseed, or lets the one under way continue. The authority calls it at each tick that decides on a reseed. It returns soon.
    /// </summary>
    Task AdvanceAsync(ReplicationAction.Seed order, CancellationToken cancel);
}

internal sealed partial class Seeder(
    IReadOnlyList<MariaDbServer> servers,
    DatabaseState state,
    DatabaseOrders orders,
    TimeProvider time,
    ILogger<Seeder> logger,
    IHostApplicationLifetime lifetime
) : ISeeder
{
    /// <summary>Pause before a failed reseed is tried again: a copy puts load on its source.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    private DatabaseServer? _busyWith;
    private Task _work = Task.CompletedTask;
    private StopHandshake _handshake = new();
    private DateTimeOffset _notBefore;

    public async Task AdvanceAsync(ReplicationAction.Seed order, CancellationToken cancel)
    {
        if (!_work.IsCompleted)
        {
            if (_busyWith == order.Server)
                await _handshake.GiveAsync(cancel);
            return;
        }

        if (time.GetUtcNow() < _notBefore)
            return;
        LogBegins(order.Server.Name, order.From.Name, order.Reason);
        (_busyWith, _handshake) = (order.Server, new StopHandshake());
        _work = RunAsync(order, _handshake, lifetime.ApplicationStopping);
    }

    private async Task RunAsync(ReplicationAction.Seed order, StopHandshake handshake, CancellationToken cancel)
    {
        await Task.Yield();
        try
        {
            await new Reseed(Find(order.Server), Find(order.From), order, time, state.Publish).RunAsync(handshake, cancel);
            orders.Reseed(order.Server, on: false);
            LogDone(order.Server.Name, order.From.Name);
        }
        catch (Exception e) when (e is PhaseFailedException or HttpRequestException or IOException)
        {
            LogFailed(order.Server.Name, order.From.Name, e.Message);
            _notBefore = time.GetUtcNow() + s_pause;
        }
    }

    private MariaDbServer Find(DatabaseServer server) => servers.First(candidate => candidate.Identity == server);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{To} gets a copy of {From}'s data: {Reason}")]
    private partial void LogBegins(string to, string from, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{To} has a copy of {From}'s data")]
    private partial void LogDone(string to, string from);

    [LoggerMessage(Level = LogLevel.Error, Message = "{To} could not get a copy of {From}'s data: {Error}; trying again in a minute")]
    private partial void LogFailed(string to, string from, string error);
}
