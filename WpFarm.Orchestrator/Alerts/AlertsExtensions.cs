using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Alerts;

internal static class AlertsExtensions
{
    /// <param name="settings">Null when the farm has no observability; the API then says so.</param>
    public static void AddAlerts(this IHostApplicationBuilder builder, AlertSettings? settings)
    {
        if (settings is null)
            return;
        builder.Services.AddHttpClient<AlertmanagerApi>(http =>
            (http.BaseAddress, http.Timeout) = (settings.Alertmanager, settings.Timeout)
        );
        builder.Services.AddTransient<ReceiverTester>();
    }
}
