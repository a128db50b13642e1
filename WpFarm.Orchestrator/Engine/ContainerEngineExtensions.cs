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
        // Each question and order has a limit of its own.
        http.Timeout = Timeout.InfiniteTimeSpan;
    }
}
