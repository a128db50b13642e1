using Microsoft.Extensions.Options;

namespace WpFarm.Orchestrator.Engine;

internal static class ContainerEngineExtensions
{
    public static void AddContainerEngine(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ContainerEngineOptions>().BindConfiguration("Engine").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddHttpClient<ContainerEngine>((services, http) =>
        {
            var options = services.GetRequiredService<IOptions<ContainerEngineOptions>>().Value;
            http.BaseAddress = options.Api;
            http.Timeout = options.Timeout;
        });
    }
}
