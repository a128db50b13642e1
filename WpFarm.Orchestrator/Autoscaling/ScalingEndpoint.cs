using WpFarm.Backups.Polling;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Orchestrator.Api;
using WpFarm.Orchestrator.Database;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Orchestrator.Autoscaling;

internal static class ScalingEndpoint
{
    /// <summary>Longest hold by a deployment, in case it was killed. <c>./farm up</c> itself gives up after 6 min.</summary>
    private static readonly TimeSpan s_holdLimit = TimeSpan.FromMinutes(10);

    /// <summary>Time limit for an order to take effect. The authority reads orders once a second.</summary>
    private static readonly TimeSpan s_inForce = TimeSpan.FromSeconds(10);

    public static void MapScaling(this IEndpointRouteBuilder api)
    {
        api.Map(ScalingRoutes.Tiers, (ScalingReports reports) => reports.Tiers);
        api.Map(ScalingRoutes.Log, (ScalingReports reports) => reports.Changes);
        api.Map(ScalingRoutes.DryRun, TryAsync);
        api.Map(
            ScalingRoutes.SetReplicas,
            ([AsParameters] ReplicasRequest request, Farm farm, PoolScaler scaler, CancellationToken cancel) =>
            {
                Check(farm, request.Tier, request.Replicas);
                return scaler.SetAsync(request.Tier, request.Replicas, request.DryRun, cancel);
            }
        );
        api.Map(
            ScalingRoutes.Pause,
            (
                [AsParameters] PauseRequest request,
                Farm farm,
                DatabaseOrders orders,
                DatabaseState database,
                TimeProvider time,
                CancellationToken cancel
            ) =>
            {
                Check(farm, request.Tier, replicas: null);
                orders.PauseScaling(request.Tier, request.On);
                return InForceAsync(() => database.Current.Known.ScalingPaused.Contains(request.Tier) == request.On, time, cancel);
            }
        );
        api.Map(
            ScalingRoutes.Hold,
            async (DatabaseOrders orders, DatabaseState database, PoolScaler scaler, TimeProvider time, CancellationToken cancel) =>
            {
                var until = time.GetUtcNow() + s_holdLimit;
                orders.HoldScaling(until);
                await InForceAsync(() => database.Current.Known.ScalingHeldUntil == until, time, cancel);
                await scaler.SettleAsync(cancel);
            }
        );
        api.Map(ScalingRoutes.Release, (DatabaseOrders orders) => orders.HoldScaling(null));
    }

    private static async Task<IReadOnlyList<TierScaling>> TryAsync(PoolScaler scaler, ScalingAdvisor advisor, CancellationToken cancel) =>
        [.. await scaler.TryAsync(cancel), .. await advisor.TryAsync(cancel)];

    private static Task InForceAsync(Func<bool> isInForce, TimeProvider time, CancellationToken cancel) =>
        Poll.UntilAsync(
            () => Task.FromResult(isInForce()),
            s_inForce,
            "too few database servers stored the order, so it was not in force",
            time,
            cancel
        );

    private static void Check(Farm farm, string tier, int? replicas)
    {
        if (Problem(farm, tier, replicas) is { } problem)
            throw new InvalidRequestException(problem);
    }

    private static string? Problem(Farm farm, string tier, int? replicas) =>
        farm.Tiers.FirstOrDefault(found => found.Key == tier).Value switch
        {
            null => $"{tier}: is no tier with sites. Tiers: {string.Join(", ", farm.Tiers.Select(found => found.Key))}.",
            { Scaling.Enabled: false } => $"{tier}: is not scaled. Set tiers.{tier}.scaling.enabled to true, then ./farm up.",
            { } found when replicas < found.Replicas.Min || replicas > found.Replicas.Max => OutOfRange(tier, found, replicas.Value),
            _ => null,
        };

    private static string OutOfRange(string tier, TierOptions settings, int replicas) =>
        replicas > settings.Replicas.Max
            ? $"{replicas} is more than tiers.{tier}.replicas.max, {settings.Replicas.Max}. Raise it, then ./farm up."
            : $"{replicas} is fewer than tiers.{tier}.replicas.min, {settings.Replicas.Min}. Lower it, then ./farm up.";
}
