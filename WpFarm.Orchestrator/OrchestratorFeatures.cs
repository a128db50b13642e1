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
        builder.AddFarmModel();
        builder.AddDatabaseAuthority();
        builder.AddBackups();
        builder.AddSiteCron();
        builder.AddContainerEngine();
        builder.AddUploadsAgent();
        builder.AddAutoscaling();
    }
}
