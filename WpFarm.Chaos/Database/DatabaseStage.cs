using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Chaos.Database;

/// <summary>Where a <see cref="DatabaseScenario"/> is played.</summary>
/// <param name="Writer">Who takes writes at the beginning.</param>
/// <param name="Standby">The other primary.</param>
/// <param name="Replicas">All others.</param>
internal sealed record DatabaseStage(
    string Writer,
    string Standby,
    IReadOnlyList<string> Replicas,
    ComposeContainers Containers,
    OrchestratorApi Orchestrator,
    SequencedWriter Writes,
    CancellationToken Cancel
)
{
    public const string Network = Topology.Network.Database;
    public const string OrchestratorService = "orchestrator";
    public const string Schema = "wp_chaos";
    public const string Table = Schema + ".writes";

    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>Longer than anything takes that is waited for here.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    public DateTimeOffset Began { get; } = TimeProvider.System.GetUtcNow();

    public IReadOnlyList<string> EverybodyElse => [Standby, .. Replicas, "db-proxy", OrchestratorService];

    /// <summary>For writes on the cut-off writer itself.</summary>
    public LoneWriter Alone { get; } = new(Containers, Writer);

    /// <summary>A disk that can be filled.</summary>
    public SmallDisk Disk { get; } = new(Containers, megabytes: 1500, owner: "3306:3306");

    public Task UntilAnsweredAsync(long more)
    {
        var wanted = Writes.Count + more;
        return UntilAsync(() => Task.FromResult(Writes.Count >= wanted));
    }

    /// <summary>The Orchestrator is in one of the phases of a promotion, or, when it was too quick to be seen, is through.</summary>
    public Task UntilFailoverRunsAsync()
    {
        var since = TimeProvider.System.GetUtcNow();
        return UntilAsync(async () =>
            (await Orchestrator.SendAsync(DatabaseRoutes.Status, Cancel)).Promotions is [{ } latest, ..]
            && latest.Since >= since.AddSeconds(-2)
        );
    }

    /// <summary>A person asks for it until it can be done.</summary>
    public Task UntilSwitchedToAsync(string server) =>
        UntilAsync(async () =>
        {
            try
            {
                await Orchestrator.SendAsync(DatabaseRoutes.SwitchOver, new(server), Cancel);
                return true;
            }
            catch (OperationFailedException)
            {
                return false; // It does not follow closely enough yet.
            }
        });

    public Task UntilWriterIsAsync(string server, Func<Task> meanwhile) =>
        UntilAsync(async () =>
        {
            if ((await Orchestrator.SendAsync(DatabaseRoutes.Status, Cancel)).Writer == server)
                return true;
            await meanwhile();
            return false;
        });

    /// <summary>The server got a copy of another's data.</summary>
    public Task UntilSeededAsync(string server) =>
        UntilAsync(async () =>
            (await Orchestrator.SendAsync(DatabaseRoutes.Status, Cancel)).Seeds.Any(seed =>
                seed.To == server && seed.Since >= Began && seed is { Ended: not null, Failure: null }
            )
        );

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(s_lookEvery);
        while (!await condition())
        {
            if (System.Diagnostics.Stopwatch.GetElapsedTime(started) > s_limit)
                throw new OperationFailedException(
                    $"What should happen has not, for {s_limit.TotalMinutes:0} min. ./farm db status says how the servers are."
                );
            await tick.WaitForNextTickAsync(Cancel);
        }
    }
}
