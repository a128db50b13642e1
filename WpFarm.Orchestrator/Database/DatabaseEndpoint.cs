using WpFarm.Orchestrator.Database.Seeding;

namespace WpFarm.Orchestrator.Database;

internal static class DatabaseEndpoint
{
    public static void MapDatabase(this IEndpointRouteBuilder api)
    {
        var database = api.MapGroup("/database");
        database.MapGet("/", (DatabaseState state) => DatabaseView.Of(state));
        database.MapPost("/switchover", async (string? to, DatabaseOrders orders, IReadOnlyList<IDatabaseServer> servers) =>
        {
            var (found, problem) = Find(servers, to);
            if (problem is not null)
                return Results.Problem(problem, statusCode: StatusCodes.Status400BadRequest);
            return await orders.SwitchOverAsync(found) is { Reason: { } refused }
                ? Results.Problem(refused, statusCode: StatusCodes.Status409Conflict)
                : Results.NoContent();
        });
        database.MapPost(
            "/servers/{server}/maintenance/{on:bool}",
            (string server, bool on, DatabaseOrders orders, IReadOnlyList<IDatabaseServer> servers) =>
            {
                var (found, problem) = Find(servers, server);
                if (problem is not null)
                    return Results.Problem(problem, statusCode: StatusCodes.Status400BadRequest);
                orders.Maintain(found!, on);
                return Results.NoContent();
            }
        );
        database.MapPost(
            "/servers/{server}/reseed/{on:bool}",
            (string server, bool on, DatabaseOrders orders, DatabaseState state, IReadOnlyList<IDatabaseServer> servers) =>
            {
                var (found, problem) = Find(servers, server);
                if (problem is not null)
                    return Results.Problem(problem, statusCode: StatusCodes.Status400BadRequest);
                if (on && state.Current.Known.Writer == found)
                    return Results.Problem(
                        $"{found} is the writer. First: ./farm db switchover",
                        statusCode: StatusCodes.Status409Conflict
                    );
                orders.Reseed(found!, on);
                return Results.NoContent();
            }
        );
        database.MapPost("/replication-password", async (DatabaseOrders orders) =>
            await orders.RenewReplicationPasswordAsync() is { Reason: { } failed }
                ? Results.Problem(failed, statusCode: StatusCodes.Status409Conflict)
                : Results.NoContent()
        );
        database.MapPost("/acknowledge", (DatabaseOrders orders) =>
        {
            orders.Acknowledge();
            return Results.NoContent();
        });
    }

    private static (DatabaseServer? Server, string? Problem) Find(IReadOnlyList<IDatabaseServer> servers, string? name) =>
        name is null ? (null, null)
        : servers.FirstOrDefault(server => server.Identity.Name == name) is { } found ? (found.Identity, null)
        : (null, $"{name}: is no database server of this farm. They are {string.Join(", ", servers.Select(server => server.Identity))}.");
}

/// <param name="Writer">The one server that takes writes; null when there is none, or more than one.</param>
/// <param name="Problems">What is not as it should be, in words; empty when all is well.</param>
/// <param name="ObservedAt">Null before the first look.</param>
/// <param name="FailedOverAt">Set after a failover, until a person acknowledges it or the cooldown has passed.</param>
/// <param name="Promotions">The last changes of the writer, the latest first.</param>
/// <param name="Seeds">The last copies that servers got of others, the latest first.</param>
internal sealed record DatabaseView(
    string? Writer,
    IReadOnlyList<string> Problems,
    DateTimeOffset? ObservedAt,
    DateTimeOffset? FailedOverAt,
    IEnumerable<ServerView> Servers,
    IEnumerable<PromotionReport> Promotions,
    IEnumerable<SeedReport> Seeds
)
{
    public static DatabaseView Of(DatabaseState state) => Of(state.Current, state);

    private static DatabaseView Of(DatabaseSnapshot snapshot, DatabaseState state) =>
        new(
            snapshot.Writer?.Name,
            snapshot.Problems,
            snapshot.Servers.Count == 0 ? null : snapshot.At,
            snapshot.Known.FailedOverAt,
            snapshot.Servers.Select(server => ServerView.Of(server, snapshot)),
            state.Promotions,
            state.Seeds
        );
}

/// <param name="Failure">Why it did not answer; null when it did.</param>
/// <param name="Gtid">Every transaction it has.</param>
/// <param name="LagSeconds">Behind the primary that it is furthest behind; null while a channel does not run.</param>
/// <param name="Acknowledges">Commits of the writer are answered once it has them.</param>
internal sealed record ServerView(
    string Name,
    ServerRole Role,
    string? Failure,
    bool? ReadOnly,
    string? Gtid,
    double? LagSeconds,
    bool Acknowledges,
    bool Maintenance,
    bool Reseeding,
    IEnumerable<ChannelView> Channels
)
{
    public static ServerView Of(ServerObservation seen, DatabaseSnapshot snapshot) =>
        new(
            seen.Server.Name,
            seen.Server.Role,
            seen.Failure,
            seen.Status?.ReadOnly,
            seen.Status?.Position.ToString(),
            seen.Status?.Lag?.TotalSeconds,
            snapshot.Writer is { } writer
                && seen.Status is { Acknowledges: true } status
                && status.ChannelTo(writer) is { IsRunning: true },
            snapshot.Known.Maintenance.Contains(seen.Server),
            snapshot.Known.Reseeding.Contains(seen.Server),
            seen.Status?.Channels.Select(channel => new ChannelView(
                channel.Name,
                channel.Source,
                channel.IsRunning,
                channel.Lag?.TotalSeconds,
                channel.Error
            )) ?? []
        );
}

internal sealed record ChannelView(string Name, string Source, bool Running, double? LagSeconds, string? Error);
