using Microsoft.Extensions.Options;

namespace WpFarm.Orchestrator.Engine;

internal static class ContainerEngineExtensions
{
    public static void AddContainerEngine(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ContainerEngineOptions>().BindConfiguration("Engine").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddHttpClient<ContainerEngine>(Address);
        builder.Services.AddHttpClient<SwarmEngine>(Address);
    }

    private static void Address(IServiceProvider services, HttpClient http)
    {
        http.BaseAddress = services.GetRequiredService<IOptions<ContainerEngineOptions>>().Value.Api;
        // Each question and order has a limit of its own.
        http.Timeout = Timeout.InfiniteTimeSpan;
    }
}
