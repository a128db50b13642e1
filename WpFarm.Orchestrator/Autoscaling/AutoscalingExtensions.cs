using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Autoscaling;

internal static class AutoscalingExtensions
{
    public static void AddAutoscaling(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<LoadSignals>(
            (services, http) =>
            {
                var options = services.GetRequiredService<IOptions<AutoscalingSettings>>().Value;
                (http.BaseAddress, http.Timeout) = (options.Prometheus, options.Timeout);
            }
        );
        builder.Services.AddSingleton<IPoolHost>(services =>
            services.GetRequiredService<IOptions<EngineSettings>>().Value.Swarm is null
                ? ActivatorUtilities.CreateInstance<ComposePools>(services)
                : ActivatorUtilities.CreateInstance<SwarmPools>(services)
        );
        builder.Services.AddSingleton<IScalingLeaderLock, ScalingLeaderLock>();
        builder.Services.AddSingleton<ScalingReports>();
        builder.Services.AddSingleton<ScalingMetrics>();
        builder.Services.AddSingleton<PoolScaler>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PoolScaler>());
        builder.Services.AddSingleton<ScalingAdvisor>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ScalingAdvisor>());
    }
}
