namespace WpFarm.Contracts.Api.Routes;

/// <summary>How the number of a tier's containers follows the load.</summary>
public static class ScalingRoutes
{
    public static ApiRoute<NoParameters, IReadOnlyList<TierScaling>> Tiers { get; } =
        new(HttpMethod.Get, "/api/scaling", "Each tier, its load, and the last decision about it.");

    public static ApiRoute<NoParameters, IReadOnlyList<ScalingChange>> Log { get; } =
        new(HttpMethod.Get, "/api/scaling/log", "The last changes, the latest first.");

    public static ApiRoute<NoParameters, IReadOnlyList<TierScaling>> DryRun { get; } =
        new(HttpMethod.Get, "/api/scaling/dry-run", "What would be decided now, also about tiers that are not scaled. Changes nothing.");

    public static ApiRoute<ReplicasRequest, ScalingChange> SetReplicas { get; } =
        new(
            HttpMethod.Post,
            "/api/scaling/tiers/{tier}/replicas/{replicas}",
            "Sets the number of a tier's containers; from there it follows the load again."
        );

    public static ApiRoute<PauseRequest, Done> Pause { get; } =
        new(
            HttpMethod.Post,
            "/api/scaling/tiers/{tier}/pause/{on}",
            "Keeps the number of a tier's containers as it is, or lets it follow the load again. Answers when it is in force."
        );

    public static ApiRoute<NoParameters, Done> Hold { get; } =
        new(
            HttpMethod.Post,
            "/api/scaling/hold",
            "Keeps every tier as it is until the release, ten minutes at most. Answers when it is in force and no change is under way."
        );

    public static ApiRoute<NoParameters, Done> Release { get; } = new(HttpMethod.Delete, "/api/scaling/hold", "Ends the hold.");
}

/// <param name="Tier">A tier of farm.json.</param>
/// <param name="Replicas">Within the tier's limits.</param>
/// <param name="DryRun">Only answers what would change.</param>
public sealed record ReplicasRequest(string Tier, int Replicas, bool DryRun = false);

/// <param name="Tier">A tier of farm.json.</param>
/// <param name="On">False: resumes.</param>
public sealed record PauseRequest(string Tier, bool On);
