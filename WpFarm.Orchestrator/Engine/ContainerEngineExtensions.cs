using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Engine;

internal static class ContainerEngineExtensions
{
    public static void AddContainerEngine(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<ContainerEngine>(Address);
        builder.Services.AddHttpClient<SwarmEngine>(Address);
    }

    private static void Address(IServiceProvider services, HttpClient http)
    {
        http.BaseAddress = services.GetRequiredService<IOptions<EngineSettings>>().Value.Api;
        // Each query and order has its own timeout.
        http.Timeout = Timeout.InfiniteTimeSpan;
    }
}
