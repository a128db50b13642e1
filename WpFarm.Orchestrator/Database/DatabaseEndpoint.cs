using WpFarm.Contracts.Api.Routes;
using WpFarm.Orchestrator.Api;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Database;

internal static class DatabaseEndpoint
{
    public static void MapDatabase(this IEndpointRouteBuilder api)
    {
        api.Map(DatabaseRoutes.Status, (DatabaseState state) => DatabaseStatus.Of(state));
        api.Map(
            DatabaseRoutes.SwitchOver,
            async ([AsParameters] SwitchoverRequest request, DatabaseOrders orders, IReadOnlyList<IDatabaseServer> servers) =>
                (await orders.SwitchOverAsync(request.To is { } to ? Find(servers, to) : null)).ThrowIfRefused()
        );
        api.Map(
            DatabaseRoutes.Maintain,
            ([AsParameters] ServerSwitch request, DatabaseOrders orders, IReadOnlyList<IDatabaseServer> servers) =>
                orders.Maintain(Find(servers, request.Server), request.On)
        );
        api.Map(
            DatabaseRoutes.Reseed,
            ([AsParameters] ServerSwitch request, DatabaseOrders orders, DatabaseState state, IReadOnlyList<IDatabaseServer> servers) =>
            {
                var server = Find(servers, request.Server);
                if (request.On && state.Current.Known.Writer == server)
                    throw new RefusedException($"{server} is the writer. First: ./farm db switchover");
                orders.Reseed(server, request.On);
            }
        );
        api.Map(DatabaseRoutes.RenewReplicationPassword, async (DatabaseOrders orders) =>
            (await orders.RenewReplicationPasswordAsync()).ThrowIfRefused()
        );
        api.Map(DatabaseRoutes.Acknowledge, (DatabaseOrders orders) => orders.Acknowledge());
    }

    private static DatabaseServer Find(IReadOnlyList<IDatabaseServer> servers, string name) =>
        servers.FirstOrDefault(server => server.Identity.Name == name)?.Identity
        ?? throw new InvalidRequestException(
            $"{name}: is no database server of this farm. They are {string.Join(", ", servers.Select(server => server.Identity))}."
        );
}
