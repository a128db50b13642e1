using WpFarm.Backups.Polling;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology.Layers.Database;

namespace WpFarm.Chaos.Database;

/// <summary>What a <see cref="DatabaseScenario"/> acts on: the servers by role, and the means to disturb and watch them.</summary>
/// <param name="Writer">The server that accepts writes at the beginning.</param>
/// <param name="Standby">The other primary.</param>
/// <param name="Replicas">All other servers.</param>
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
    public const string OrchestratorService = Topology.Layers.Management.Orchestrator.Name;
    public const string Schema = "wp_chaos";
    public const string Table = Schema + ".writes";

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    /// <summary>The limit of every wait: longer than any awaited event takes.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    public DateTimeOffset Began { get; } = TimeProvider.System.GetUtcNow();

    public IReadOnlyList<string> AllOthers => [Standby, .. Replicas, DbProxy.Name, OrchestratorService];

    /// <summary>Writes on the writer itself while it is cut off.</summary>
    public PartitionedWriter Partitioned { get; } = new(Containers, Writer);

    /// <summary>A small disk that a scenario can fill.</summary>
    public SmallDisk Disk { get; } = new(Containers, megabytes: 1500, owner: "3306:3306");

    /// <summary>Waits until <paramref name="more"/> further writes have been acknowledged.</summary>
    public Task UntilAnsweredAsync(long more)
    {
        var wanted = Writes.Count + more;
        return UntilAsync(() => Task.FromResult(Writes.Count >= wanted));
    }

    /// <summary>Waits until the Orchestrator is in a phase of a promotion, or has finished one that was too short to be seen.</summary>
    public Task UntilFailoverRunsAsync()
    {
        var since = TimeProvider.System.GetUtcNow();
        return UntilAsync(async () =>
            (await Orchestrator.SendAsync(DatabaseRoutes.Status, Cancel)).Promotions is [{ } latest, ..]
            && latest.Since >= since.AddSeconds(-2)
        );
    }

    /// <summary>Orders a switchover to <paramref name="server"/>, again and again until the Orchestrator accepts it.</summary>
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
                return false; // The server lags too much as yet.
            }
        });

    /// <summary>Waits until <paramref name="server"/> is the writer, and calls <paramref name="meanwhile"/> after each look.</summary>
    public Task UntilWriterIsAsync(string server, Func<Task> meanwhile) =>
        UntilAsync(async () =>
        {
            if ((await Orchestrator.SendAsync(DatabaseRoutes.Status, Cancel)).Writer == server)
                return true;
            await meanwhile();
            return false;
        });

    /// <summary>Waits until the server has been reseeded from another.</summary>
    public Task UntilSeededAsync(string server) =>
        UntilAsync(async () =>
            (await Orchestrator.SendAsync(DatabaseRoutes.Status, Cancel)).Seeds.Any(seed =>
                seed.To == server && seed.Since >= Began && seed is { Ended: not null, Failure: null }
            )
        );

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        if (!await Poll.HoldsAsync(condition, s_limit, Cancel, s_interval))
            throw new OperationFailedException(
                $"An awaited state was not reached within {s_limit.TotalMinutes:0} min. Run ./farm db status to see the servers."
            );
    }
}
