using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WpFarm.Deployment;

namespace WpFarm.AppHost.Aspire.Watch;

internal static class FarmWatchExtensions
{
    /// <summary>For when all resources are there.</summary>
    /// <param name="onceUp">What is done when the farm is up.</param>
    /// <returns>Says afterwards why the program ended.</returns>
    public static FarmEnd AddWatch(this IDistributedApplicationBuilder builder, Func<CancellationToken, Task> onceUp)
    {
        var end = new FarmEnd();
        // Before Aspire's own, so that it watches while they start the resources.
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
