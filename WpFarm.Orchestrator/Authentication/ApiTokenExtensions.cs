using Microsoft.Extensions.Options;

namespace WpFarm.Orchestrator.Authentication;

internal static class ApiTokenExtensions
{
    public static void AddApiToken(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ApiTokenOptions>(ApiTokenHandler.SchemeName).BindConfiguration("Api").ValidateDataAnnotations()
            .Validate(options => File.Exists(options.TokenFile), "Api:TokenFile names a file that does not exist.").ValidateOnStart();
        builder.Services.AddSingleton(services =>
            ApiToken.Read(services.GetRequiredService<IOptionsMonitor<ApiTokenOptions>>().Get(ApiTokenHandler.SchemeName).TokenFile));
        builder.Services.AddAuthentication(ApiTokenHandler.SchemeName).AddScheme<ApiTokenOptions, ApiTokenHandler>(ApiTokenHandler.SchemeName, configureOptions: null);
        builder.Services.AddAuthorization();
    }
}
