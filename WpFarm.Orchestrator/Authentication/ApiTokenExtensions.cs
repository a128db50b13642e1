using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Authentication;

internal static class ApiTokenExtensions
{
    public static void AddApiToken(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services => new ApiToken(services.GetRequiredService<IOptions<ApiSettings>>().Value.TokenFile));
        builder
            .Services.AddAuthentication(ApiTokenHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiTokenHandler>(ApiTokenHandler.SchemeName, configureOptions: null);
        builder.Services.AddAuthorization();
    }
}
