namespace WpFarm.Orchestrator.Sites;

internal static class SiteCronExtensions
{
    public static void AddSiteCron(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(SiteCron.HttpClientName);
        builder.Services.AddSingleton<SiteCronMetrics>();
        builder.Services.AddSingleton<SiteCaches>();
        builder.Services.AddHostedService<SiteCron>();
    }
}
