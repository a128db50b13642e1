using WpFarm.Backups.Polling;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Deployment.Compose.Changing;

/// <summary>
/// Replaces database servers one after the other: first those that follow the writer; then, after a switchover, the former writer. Each
/// server replicates again before the next one stops.
/// </summary>
internal sealed class DatabaseRollout(ComposeHost host, FarmInstance instance, Farm farm, IFarmProgress progress)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    /// <exception cref="OperationFailedException">
    /// The database is not healthy, or did not become healthy again; the remaining servers were not replaced.
    /// </exception>
    public async Task ReplaceAsync(IReadOnlyList<string> servers, CancellationToken cancel)
    {
        if (servers.Count == 0)
            return;
        using var orchestrator = new OrchestratorApi(farm, instance);
        await UntilHealthyAsync(orchestrator, "before its servers are replaced", cancel);
        var writer = (await orchestrator.SendAsync(DatabaseRoutes.Status, cancel)).Writer;
        // By name in descending order: read replicas first, the standby last.
        foreach (var server in servers.Where(server => server != writer).OrderByDescending(server => server, StringComparer.Ordinal))
            await ReplaceOneAsync(orchestrator, server, cancel);
        if (writer is null || !servers.Contains(writer))
            return;
        progress.Report(writer, "handing the writer's role over");
        await orchestrator.SendAsync(DatabaseRoutes.SwitchOver, new(), cancel);
        await ReplaceOneAsync(orchestrator, writer, cancel);
    }

    private async Task ReplaceOneAsync(OrchestratorApi orchestrator, string server, CancellationToken cancel)
    {
        progress.Report(server, "replacing");
        await host.ReplaceAsync(farm, [server], s_limit, cancel);
        await UntilHealthyAsync(orchestrator, $"after {server} was replaced", cancel);
    }

    /// <summary>Waits for an observation that the Orchestrator made after this call; it observes the database every second.</summary>
    private static async Task UntilHealthyAsync(OrchestratorApi orchestrator, string when, CancellationToken cancel)
    {
        var (since, problems) = (TimeProvider.System.GetUtcNow(), (IReadOnlyList<string>)[]);
        var isHealthy = await Poll.HoldsAsync(
            async () =>
            {
                var seen = await orchestrator.SendAsync(DatabaseRoutes.Status, cancel);
                problems = seen.Problems;
                return seen.ObservedAt > since && seen is { Problems.Count: 0, Writer: not null };
            },
            s_limit,
            cancel
        );
        if (!isHealthy)
            throw new OperationFailedException(
                $"The database is not healthy {when}: {string.Join("; ", problems)}. Run ./farm db status for details."
            );
    }
}
