using Microsoft.Extensions.Options;
using WpFarm.Orchestrator.Backups.Drills;
using WpFarm.Orchestrator.Backups.Restoring;
using WpFarm.Orchestrator.Backups.Uploads;

namespace WpFarm.Orchestrator.Backups;

internal static class BackupExtensions
{
    private const string Section = "Backups";

    public static void AddBackups(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<BackupSchedulerOptions>()
            .BindConfiguration(Section)
            .ValidateDataAnnotations()
            .Validate(options => options.Store is null || File.Exists(options.KeyFile), "Backups:KeyFile names a file that does not exist.")
            .Validate(
                options => options.Store?.Problems("Backups:Store").Concat(options.Keep.Problems("Backups:Keep")).Any() != true,
                "Backups:Store or Backups:Keep is not as it must be."
            )
            .ValidateOnStart();
        builder.Services.AddSingleton<BackupState>();
        builder.Services.AddSingleton<BackupIndex>();
        if (builder.Configuration.GetSection($"{Section}:Store").Exists() is false)
            return;
        builder.Services.AddSingleton(services =>
        {
            var options = services.GetRequiredService<IOptions<BackupSchedulerOptions>>().Value;
            return new BackupRepository(options.Store!, options.KeyFile, services.GetRequiredService<TimeProvider>());
        });
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<BackupSchedulerOptions>>().Value);
        builder.Services.AddSingleton<BackupMetrics>();
        builder.Services.AddSingleton<BackupWork>();
        builder.Services.AddSingleton<DatabaseBackup>();
        builder.Services.AddSingleton<SiteBackup>();
        builder.Services.AddSingleton<ConfigurationBackup>();
        builder.Services.AddSingleton<BinaryLogArchive>();
        builder.Services.AddSingleton<BackupVerification>();
        builder.Services.AddSingleton<UploadsRecovery>();
        builder.Services.AddSingleton<FarmRestore>();
        builder.Services.AddSingleton<SiteRestore>();
        builder.Services.AddSingleton<DrillHistory>();
        if (builder.Configuration[$"{Section}:ScratchServer"] is { Length: > 0 })
            builder.Services.AddSingleton<ScratchServer>().AddSingleton<Drill>();
        if (builder.Configuration.GetSection($"{Section}:Store:OffSite").Exists())
            builder.Services.AddSingleton(services => new OffSiteBackup(
                services.GetRequiredService<BackupRepository>(),
                services.GetRequiredService<BackupRepository>().Elsewhere!,
                services.GetRequiredService<BackupIndex>(),
                services.GetRequiredService<IOptions<UploadsOptions>>().Value,
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<OffSiteBackup>>()
            ));
        builder.Services.AddSingleton<BackupScheduler>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BackupScheduler>());
    }
}
