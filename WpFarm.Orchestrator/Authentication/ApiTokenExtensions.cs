using Microsoft.Extensions.Options;

namespace WpFarm.Orchestrator.Authentication;

internal static class ApiTokenExtensions
{
    public static void AddApiToken(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<ApiTokenOptions>(ApiTokenHandler.SchemeName)
            .BindConfiguration("Api")
            .ValidateDataAnnotations()
            .Validate(options => File.Exists(options.TokenFile), "Api:TokenFile names a file that does not exist.")
            .Validate(
                options => !File.Exists(options.TokenFile) || SecretFile.Accepted(options.TokenFile).Count > 0,
                "Api:TokenFile names a file that is empty; it must hold the API's token."
            )
            .ValidateOnStart();
        builder.Services.AddSingleton(services => new ApiToken(
            services.GetRequiredService<IOptionsMonitor<ApiTokenOptions>>().Get(ApiTokenHandler.SchemeName).TokenFile
        ));
        builder
            .Services.AddAuthentication(ApiTokenHandler.SchemeName)
            .AddScheme<ApiTokenOptions, ApiTokenHandler>(ApiTokenHandler.SchemeName, configureOptions: null);
        builder.Services.AddAuthorization();
    }
}
