using System.Text.Json;

namespace WpFarm.Contracts.Api.Routes;

/// <summary>Backups, drills and restores. A farm that makes no backups answers each with 409.</summary>
public static class BackupRoutes
{
    public static ApiRoute<NoParameters, BackupStatus> Status { get; } =
        new(HttpMethod.Get, "/api/backups", "The moment up to which the farm could be recovered, and the last jobs.");

    public static ApiRoute<NoParameters, IReadOnlyList<BackupEntry>> List { get; } =
        new(HttpMethod.Get, "/api/backups/list", "Each backup, and why it is kept.");

    public static ApiRoute<BackupRequest, JsonElement> Manifest { get; } =
        new(HttpMethod.Get, "/api/backups/{id}", "The manifest of one backup.");

    public static ApiRoute<BackupOrder, Begun> Make { get; } =
        new(HttpMethod.Post, "/api/backups/now/{kind}", "Begins a backup of the database or of the uploads.");

    public static ApiRoute<SiteRequest, Begun> MakeOfSite { get; } =
        new(HttpMethod.Post, "/api/backups/site/{site}", "Begins to store one site's database as statements.");

    public static ApiRoute<byte[], StoredConfiguration> StoreConfiguration { get; } =
        new(
            HttpMethod.Put,
            "/api/backups/configuration",
            "Seals and stores the archive in the body: farm.json, secrets and manifests. An archive that is stored is not stored again."
        );

    public static ApiRoute<BackupRequest, Begun> Verify { get; } =
        new(HttpMethod.Post, "/api/backups/{id}/verify", "Begins to read one backup and to compare it with its manifest.");

    public static ApiRoute<NoParameters, Begun> VerifyLatest { get; } =
        new(HttpMethod.Post, "/api/backups/verify", "Begins to verify every backup that the latest moment is recovered from.");

    public static ApiRoute<NoParameters, Begun> Prune { get; } =
        new(HttpMethod.Post, "/api/backups/prune", "Begins to delete the backups that the retention policy does not keep.");

    public static ApiRoute<NoParameters, IReadOnlyList<DrillReport>> Drills { get; } =
        new(HttpMethod.Get, "/api/drills", "The drills, the latest first.");

    public static ApiRoute<NoParameters, Begun> Drill { get; } =
        new(HttpMethod.Post, "/api/drills", "Begins a drill: restores into a server that nobody uses, and checks the result.");

    public static ApiRoute<RestoreOrder, RestorePlan> PlanRestore { get; } =
        new(HttpMethod.Get, "/api/restore/plan", "What a restore would do and lose. Changes nothing.");

    public static ApiRoute<RestoreOrder, Begun> Restore { get; } =
        new(HttpMethod.Post, "/api/restore", "Begins to restore the farm's database, or one site with its uploads.");

    public static ApiRoute<NoParameters, Done> GiveUpRestore { get; } =
        new(
            HttpMethod.Post,
            "/api/restore/give-up",
            "Aborts a restore of the whole farm that failed: the farm goes on with the data it had."
        );
}

/// <param name="Id">As the list of backups has it.</param>
public sealed record BackupRequest(string Id);

/// <param name="Kind">One of <c>full</c>, <c>incremental</c> and <c>uploads</c>.</param>
public sealed record BackupOrder(EnumWord<BackupKind> Kind);

/// <param name="Site">Its key in farm.json.</param>
public sealed record SiteRequest(string Site);
