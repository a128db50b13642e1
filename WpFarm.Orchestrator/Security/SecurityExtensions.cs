using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Security;

internal static class SecurityExtensions
{
    public static void AddSecurity(this IHostApplicationBuilder builder, SecuritySettings settings) =>
        builder.Services.AddHttpClient<CrowdSecApi>(http =>
        {
            (http.BaseAddress, http.Timeout) = (settings.CrowdSec, settings.Timeout);
            // CrowdSec refuses the login of a program that does not have the form NAME/VERSION.
            http.DefaultRequestHeaders.UserAgent.Add(new("wpfarm-orchestrator", "1"));
        });
}
