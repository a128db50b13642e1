using WpFarm.Orchestrator.Api;
using WpFarm.Orchestrator.Authentication;
using WpFarm.Orchestrator.Autoscaling;
using WpFarm.Orchestrator.Backups;
using WpFarm.Orchestrator.Backups.Uploads;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Engine;
using WpFarm.Orchestrator.FarmModel;
using WpFarm.Orchestrator.Sites;

namespace WpFarm.Orchestrator;

internal static class OrchestratorFeatures
{
    /// <summary>All that the Orchestrator does. Each feature checks its settings at the start.</summary>
    public static void AddFeatures(this IHostApplicationBuilder builder)
    {
        builder.AddApiToken();
        builder.AddApi();
        builder.AddFarmModel();
        builder.AddDatabaseAuthority();
        builder.AddBackups();
        builder.AddSiteCron();
        builder.AddContainerEngine();
        builder.AddUploadsAgent();
        builder.AddAutoscaling();
    }

    /// <summary>All that the Orchestrator answers to a caller with the token.</summary>
    public static void MapApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("").RequireAuthorization();
        api.MapFarm();
        api.MapServices();
        api.MapDatabase();
        api.MapBackups();
        api.MapScaling();
        api.MapSites();
        api.MapDocument();
    }
}
