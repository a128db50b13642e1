using WpFarm.Backups.Polling;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology.Layers.Application;

namespace WpFarm.Deployment.OrchestratorClient;

/// <summary>A person's order of how many containers a tier shall have, until they are healthy.</summary>
public sealed class TierChange(OrchestratorApi orchestrator, IFarmProgress progress)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    /// <exception cref="InvalidInputException">There is no such tier, or it may not have so many.</exception>
    /// <exception cref="OperationFailedException">It cannot be now, or they do not get healthy.</exception>
    public async Task<ScalingChange> MakeAsync(string tier, int replicas, CancellationToken cancel)
    {
        var change = await orchestrator.SendAsync(ScalingRoutes.SetReplicas, new(tier, replicas), cancel);
        progress.Begin($"Tier {tier}: {change.From} → {change.To}");
        var (seen, reported) = (null as TierScaling, "");
        var isDone = await Poll.HoldsAsync(
            async () =>
            {
                seen = (await orchestrator.SendAsync(ScalingRoutes.DryRun, cancel)).First(found => found.Tier == tier);
                var state = seen.Trouble ?? $"{seen.Ready} of {seen.Replicas} healthy";
                if (state != reported)
                    progress.Report(tier, reported = state);
                return seen.Ready >= replicas;
            },
            s_limit,
            cancel
        );
        return isDone
            ? change
            : throw new OperationFailedException(
                $"{tier}: not healthy after {s_limit.TotalMinutes:0} min: {reported}. ./farm logs {Pool.Name(tier)} may say why."
            );
    }
}
