using Microsoft.Extensions.DependencyInjection.Extensions;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Backups.Uploads;

internal static class UploadsExtensions
{
    /// <summary>Registers <see cref="UploadsAgent"/> and <see cref="UploadsSnapshots"/>, which sends it orders.</summary>
    /// <param name="settings">Null when the farm does not back up its uploads: neither is registered.</param>
    public static void AddUploadsAgent(this IHostApplicationBuilder builder, UploadsSettings? settings)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        if (settings is not null)
            builder
                .Services.AddSingleton<UploadsAgent>()
                .AddSingleton<UploadsSnapshots>()
                .AddSingleton<IBackupMaker>(services => services.GetRequiredService<UploadsSnapshots>());
    }
}
