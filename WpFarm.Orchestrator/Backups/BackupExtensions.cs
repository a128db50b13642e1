using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Backups.Drills;
using WpFarm.Orchestrator.Backups.Restoring;

namespace WpFarm.Orchestrator.Backups;

internal static class BackupExtensions
{
    /// <param name="settings">Null when the farm makes no backups; the API then says so.</param>
    public static void AddBackups(this IHostApplicationBuilder builder, BackupSettings? settings)
    {
        builder.Services.AddSingleton<BackupState>();
        builder.Services.AddSingleton<BackupIndex>();
        if (settings is null)
            return;
        builder.Services.AddSingleton(services => new BackupRepository(
            settings.Store,
            settings.KeyFile,
            services.GetRequiredService<TimeProvider>()
        ));
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(services =>
            BackupSchedule.Of(settings, services.GetRequiredService<BackupRepository>().Store.Location)
        );
        builder.Services.AddSingleton<BackupMetrics>();
        builder.Services.AddSingleton<BackupWork>();
        // When several backups are due, the scheduler asks the makers in this order.
        builder.Services.AddSingleton<IBackupMaker, DatabaseBackup>();
        builder.Services.AddSingleton<SiteBackup>();
        builder.Services.AddSingleton<ConfigurationBackup>();
        builder.Services.AddSingleton<BinaryLogArchive>();
        builder.Services.AddSingleton<BackupVerification>();
        builder.Services.AddSingleton<UploadsRecovery>();
        builder.Services.AddSingleton<FarmRestore>();
        builder.Services.AddSingleton<SiteRestore>();
        builder.Services.AddSingleton<DrillHistory>();
        if (settings.ScratchServer is not null)
            builder.Services.AddSingleton<ScratchServer>().AddSingleton<Drill>();
        if (settings.Store.OffSite is not null)
            builder.Services.AddSingleton(services => new OffSiteBackup(
                services.GetRequiredService<BackupRepository>(),
                services.GetRequiredService<BackupRepository>().OffSite!,
                services.GetRequiredService<BackupIndex>(),
                settings.Uploads,
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<OffSiteBackup>>()
            ));
        builder.Services.AddSingleton<BackupScheduler>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BackupScheduler>());
    }
}
