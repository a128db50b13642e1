using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>Gives servers the data of others, one server at a time.</summary>
internal interface ISeeder
{
    /// <summary>Called at each look that finds it necessary: begins, and lets what has begun come to its end. Returns soon.</summary>
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
    /// <summary>Time until one that failed is tried again: a copy is no small thing for the server that is copied.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    private DatabaseServer? _busyWith;
    private Task _work = Task.CompletedTask;
    private StopHandshake _turn = new();
    private DateTimeOffset _notBefore;

    public async Task AdvanceAsync(ReplicationAction.Seed order, CancellationToken cancel)
    {
        if (!_work.IsCompleted)
        {
            if (_busyWith == order.Server)
                await _turn.GiveAsync(cancel);
            return;
        }

        if (time.GetUtcNow() < _notBefore)
            return;
        LogBegins(order.Server.Name, order.From.Name, order.Reason);
        (_busyWith, _turn) = (order.Server, new StopHandshake());
        _work = RunAsync(order, _turn, lifetime.ApplicationStopping);
    }

    private async Task RunAsync(ReplicationAction.Seed order, StopHandshake turn, CancellationToken cancel)
    {
        await Task.Yield();
        try
        {
            await new Reseed(Find(order.Server), Find(order.From), order, time, state.Tell).RunAsync(turn, cancel);
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
