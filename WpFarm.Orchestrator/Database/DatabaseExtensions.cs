using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WpFarm.Orchestrator.Database.Seeding;

namespace WpFarm.Orchestrator.Database;

internal static class DatabaseExtensions
{
    public static void AddDatabaseAuthority(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<DatabaseAuthorityOptions>()
            .BindConfiguration("Database")
            .ValidateDataAnnotations()
            .Validate(options => File.Exists(options.PasswordFile), "Database:PasswordFile names a file that does not exist.")
            .Validate(
                options => File.Exists(options.ReplicationPasswordFile),
                "Database:ReplicationPasswordFile names a file that does not exist."
            )
            .Validate(
                options => options.Addresses.Values.All(address => address is { IsAbsoluteUri: true, Port: > 0 }),
                "Database:Addresses has an entry that is not of the form tcp://HOST:PORT."
            )
            .Validate(
                options => options.Agents.Values.All(address => address is { IsAbsoluteUri: true, Scheme: "http" }),
                "Database:Agents has an entry that is not of the form http://HOST:PORT."
            )
            .Validate(
                options =>
                    options
                        .Primaries.Concat(options.Replicas)
                        .All(server => options.Addresses.ContainsKey(server) && options.Agents.ContainsKey(server)),
                "Database:Addresses or Database:Agents has no entry for a server of Database:Primaries or Database:Replicas."
            )
            .ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DatabaseState>();
        builder.Services.AddSingleton<DatabaseOrders>();
        builder.Services.AddSingleton<DatabaseMetrics>();
        builder.Services.AddSingleton<IReadOnlyList<MariaDbServer>>(services =>
            Servers(services.GetRequiredService<IOptions<DatabaseAuthorityOptions>>().Value)
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

    private static IEnumerable<DatabaseServer> Servers(DatabaseAuthorityOptions options) =>
        options
            .Primaries.Select(name => new DatabaseServer(name, ServerRole.Primary))
            .Concat(options.Replicas.Select(name => new DatabaseServer(name, ServerRole.Replica)));
}
