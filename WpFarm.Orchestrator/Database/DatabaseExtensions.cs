using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Database.Seeding;

namespace WpFarm.Orchestrator.Database;

internal static class DatabaseExtensions
{
    public static void AddDatabaseAuthority(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DatabaseState>();
        builder.Services.AddSingleton<DatabaseOrders>();
        builder.Services.AddSingleton<DatabaseMetrics>();
        builder.Services.AddSingleton<IReadOnlyList<MariaDbServer>>(services =>
            Servers(services.GetRequiredService<IOptions<DatabaseSettings>>().Value)
                .Select(server => ActivatorUtilities.CreateInstance<MariaDbServer>(services, server))
                .ToList()
        );
        builder.Services.AddSingleton<IReadOnlyList<IDatabaseServer>>(services =>
            services.GetRequiredService<IReadOnlyList<MariaDbServer>>()
        );
        builder.Services.AddSingleton<ISeeder, Seeder>();
        builder.Services.AddHostedService<DatabaseAuthority>();
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealthCheck>("database");
    }

    private static IEnumerable<DatabaseServer> Servers(DatabaseSettings options) =>
        options
            .Primaries.Select(name => new DatabaseServer(name, ServerRole.Primary))
            .Concat(options.Replicas.Select(name => new DatabaseServer(name, ServerRole.Replica)));
}
