using WpFarm.Orchestrator.Alerts;
using WpFarm.Orchestrator.Api;
using WpFarm.Orchestrator.Authentication;
using WpFarm.Orchestrator.Autoscaling;
using WpFarm.Orchestrator.Backups;
using WpFarm.Orchestrator.Backups.Uploads;
using WpFarm.Orchestrator.Certificates;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Engine;
using WpFarm.Orchestrator.FarmModel;
using WpFarm.Orchestrator.Mail;
using WpFarm.Orchestrator.Security;
using WpFarm.Orchestrator.Settings;
using WpFarm.Orchestrator.Sites;

namespace WpFarm.Orchestrator;

internal static class OrchestratorFeatures
{
    /// <summary>Registers everything that the Orchestrator does.</summary>
    /// <exception cref="InvalidSettingsException">The settings are invalid. The message names every problem.</exception>
    public static void AddFeatures(this IHostApplicationBuilder builder)
    {
        var settings = builder.AddSettings();
        builder.AddApiToken();
        builder.AddApi();
        builder.AddFarmModel();
        builder.AddDatabaseAuthority();
        builder.AddBackups(settings.Backups);
        builder.AddSiteCron();
        builder.AddContainerEngine();
        builder.AddUploadsAgent(settings.Backups?.Uploads);
        builder.AddAutoscaling();
        builder.AddCertificates(settings.Certificates);
        builder.AddAlerts(settings.Alerts);
        builder.AddSecurity(settings.Security);
        builder.AddMail();
    }

    /// <summary>Maps every call that requires the token.</summary>
    public static void MapApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("").RequireAuthorization();
        api.MapFarm();
        api.MapServices();
        api.MapDatabase();
        api.MapBackups();
        api.MapScaling();
        api.MapAlerts();
        api.MapSecurity();
        api.MapSites();
        api.MapMail();
        api.MapCertificates();
        api.MapDocument();
    }
}
