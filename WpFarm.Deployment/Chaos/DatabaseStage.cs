using WpFarm.Deployment.Compose;

namespace WpFarm.Deployment.Chaos;

/// <summary>Where a <see cref="DatabaseScenario"/> is played.</summary>
/// <param name="Writer">Who takes writes at the beginning.</param>
/// <param name="Standby">The other primary.</param>
/// <param name="Replicas">All others.</param>
internal sealed record DatabaseStage(string Writer, string Standby, IReadOnlyList<string> Replicas, FarmContainers Containers, OrchestratorApi Orchestrator, SequencedWriter Writes, CancellationToken Cancel)
{
    public const string Network = Topology.Network.Database;
    public const string OrchestratorService = "orchestrator";
    public const string Schema = "wp_chaos";
    public const string Table = Schema + ".writes";

    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(20);
    public IReadOnlyList<string> EverybodyElse => [Standby, .. Replicas, "db-proxy", OrchestratorService];

    /// <summary>For writes on the cut-off writer itself.</summary>
    public LoneWriter Alone { get; } = new(Containers, Writer);

    public Task UntilAnswered(long more)
    {
        var wanted = Writes.Count + more;
        return Until(() => Task.FromResult(Writes.Count >= wanted));
    }

    /// <summary>The Orchestrator is in one of the phases of a promotion, or, when it was too quick to be seen, is through.</summary>
    public Task UntilFailoverRuns()
    {
        var since = TimeProvider.System.GetUtcNow();
        return Until(async () => (await Orchestrator.Database(Cancel).ConfigureAwait(false)).Promotions is [{ } latest, ..] && latest.Since >= since.AddSeconds(-2));
    }

    private async Task Until(Func<Task<bool>> condition)
    {
        using var tick = new PeriodicTimer(s_lookEvery);
        while (!await condition().ConfigureAwait(false))
            await tick.WaitForNextTickAsync(Cancel).ConfigureAwait(false);
    }
}
