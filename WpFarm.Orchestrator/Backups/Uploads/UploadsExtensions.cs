using Microsoft.Extensions.DependencyInjection.Extensions;

namespace WpFarm.Orchestrator.Backups.Uploads;

internal static class UploadsExtensions
{
    /// <summary>Makes an <see cref="UploadsAgent"/> a service, and what gives it its orders; where the farm does not back up its uploads there is none.</summary>
    public static void AddUploadsAgent(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<UploadsOptions>()
            .BindConfiguration(UploadsOptions.Section)
            .ValidateDataAnnotations()
            .Validate(
                options => options.Address is null or { IsAbsoluteUri: true, Scheme: "http" },
                $"{UploadsOptions.Section}:Address is not of the form http://HOST:PORT."
            )
            .Validate(
                options => options.Address is null || File.Exists(options.KeyFile),
                $"{UploadsOptions.Section}:KeyFile names a file that does not exist."
            )
            .ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        if (builder.Configuration.GetSection(UploadsOptions.Section)[nameof(UploadsOptions.Address)] is { Length: > 0 })
            builder.Services.AddSingleton<UploadsAgent>().AddSingleton<UploadsSnapshots>();
    }
}
