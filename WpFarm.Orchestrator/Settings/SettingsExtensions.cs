using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Settings;

internal static class SettingsExtensions
{
    /// <summary>Reads all settings, and registers each section: <c>IOptions&lt;DatabaseSettings&gt;</c>.</summary>
    /// <exception cref="InvalidSettingsException">The settings are invalid. The message names every problem.</exception>
    public static OrchestratorSettings AddSettings(this IHostApplicationBuilder builder)
    {
        var settings = SettingsReader.Read((IConfigurationRoot)builder.Configuration);
        builder
            .Services.AddSection(settings.Farm)
            .AddSection(settings.Api)
            .AddSection(settings.Database)
            .AddSection(settings.Cron)
            .AddSection(settings.Engine)
            .AddSection(settings.Autoscaling)
            .AddSection(settings.Certificates)
            .AddSection(settings.Alerts)
            .AddSection(settings.Security)
            .AddSection(settings.Mail)
            .AddSection(settings.Backups)
            .AddSection(settings.Backups?.Uploads);
        return settings;
    }

    /// <param name="section">The section. Null when the farm does not use it: then nothing that needs it is registered.</param>
    public static IServiceCollection AddSection<TSection>(this IServiceCollection services, TSection? section)
        where TSection : class => section is null ? services : services.AddSingleton(Options.Create(section));
}
