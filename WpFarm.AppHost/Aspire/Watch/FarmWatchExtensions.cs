using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WpFarm.Deployment;

namespace WpFarm.AppHost.Aspire.Watch;

internal static class FarmWatchExtensions
{
    /// <summary>Adds <see cref="FarmWatch"/>. Call it after all resources have been added.</summary>
    /// <param name="onceUp">Called once the farm is up.</param>
    /// <returns>Holds, after the program has ended, the reason why.</returns>
    public static FarmEnd AddWatch(this IDistributedApplicationBuilder builder, Func<CancellationToken, Task> onceUp)
    {
        var end = new FarmEnd();
        // Before Aspire's own hosted services, so that the watch runs while they start the resources.
        builder.Services.Insert(
            0,
            ServiceDescriptor.Singleton<IHostedService>(services =>
                ActivatorUtilities.CreateInstance<FarmWatch>(
                    services,
                    new StartupMonitor(builder.Resources.Watched()),
                    end,
                    FarmRunbook.HealthyLimit,
                    onceUp,
                    TimeProvider.System
                )
            )
        );
        return end;
    }
}
