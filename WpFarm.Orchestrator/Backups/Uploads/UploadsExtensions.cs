using Microsoft.Extensions.DependencyInjection.Extensions;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Backups.Uploads;

internal static class UploadsExtensions
{
    /// <summary>Makes an <see cref="UploadsAgent"/> a service, and what gives it its orders.</summary>
    /// <param name="settings">Null: the farm does not back up its uploads, and neither is a service.</param>
    public static void AddUploadsAgent(this IHostApplicationBuilder builder, UploadsSettings? settings)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        if (settings is not null)
            builder.Services.AddSingleton<UploadsAgent>().AddSingleton<UploadsSnapshots>();
    }
}
