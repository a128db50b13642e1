using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Procedures;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Orchestrator.Autoscaling;

internal static class ScalingEndpoint
{
    /// <summary>A deployment that was killed does not hold it for longer. <c>./farm up</c> itself gives up after 6 min.</summary>
    private static readonly TimeSpan s_holdLimit = TimeSpan.FromMinutes(10);

    /// <summary>The authority takes orders up once a second.</summary>
    private static readonly TimeSpan s_inForce = TimeSpan.FromSeconds(10);

    public static void MapScaling(this IEndpointRouteBuilder api)
    {
        var scaling = api.MapGroup("/scaling");
        scaling.MapGet("/", (ScalingReports reports) => reports.Tiers);
        scaling.MapGet("/log", (ScalingReports reports) => reports.Changes);
        scaling.MapGet("/dry-run", async (PoolScaler scaler, ScalingAdvisor advisor, CancellationToken cancel) =>
            (await scaler.TryAsync(cancel)).Concat(await advisor.TryAsync(cancel))
        );
        scaling.MapPost(
            "/tiers/{tier}/replicas/{replicas:int}",
            (string tier, int replicas, bool? dryRun, Farm farm, PoolScaler scaler, CancellationToken cancel) =>
                AnswerAsync(Problem(farm, tier, replicas), async () =>
                    Results.Ok(await scaler.SetAsync(tier, replicas, dryRun is true, cancel))
                )
        );
        scaling.MapPost(
            "/tiers/{tier}/pause/{on:bool}",
            (string tier, bool on, Farm farm, DatabaseOrders orders, DatabaseState database, TimeProvider time, CancellationToken cancel) =>
                AnswerAsync(Problem(farm, tier, null), async () =>
                {
                    orders.PauseScaling(tier, on);
                    await InForceAsync(() => database.Current.Known.ScalingPaused.Contains(tier) == on, time, cancel);
                    return Results.NoContent();
                })
        );
        scaling.MapPost(
            "/hold",
            (DatabaseOrders orders, DatabaseState database, PoolScaler scaler, TimeProvider time, CancellationToken cancel) =>
                AnswerAsync(null, async () =>
                {
                    var until = time.GetUtcNow() + s_holdLimit;
                    orders.HoldScaling(until);
                    await InForceAsync(() => database.Current.Known.ScalingHeldUntil == until, time, cancel);
                    await scaler.SettleAsync(cancel);
                    return Results.NoContent();
                })
        );
        scaling.MapDelete("/hold", (DatabaseOrders orders) =>
        {
            orders.HoldScaling(null);
            return Results.NoContent();
        });
    }

    /// <param name="problem">Of the order itself; null when it is right.</param>
    private static async Task<IResult> AnswerAsync(string? problem, Func<Task<IResult>> work)
    {
        if (problem is not null)
            return Results.Problem(problem, statusCode: StatusCodes.Status400BadRequest);
        try
        {
            return await work();
        }
        catch (Exception e) when (e is RefusedException or HttpRequestException or TimeoutException)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status409Conflict);
        }
    }

    private static Task InForceAsync(Func<bool> isInForce, TimeProvider time, CancellationToken cancel) =>
        Wait.UntilAsync(
            () => Task.FromResult(isInForce()),
            s_inForce,
            "too few database servers could be told: it is not in force",
            time,
            cancel
        );

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
