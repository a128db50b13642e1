namespace WpFarm.Contracts.Api.Routes;

/// <summary>Who takes writes, who follows, and changes of that.</summary>
public static class DatabaseRoutes
{
    public static ApiRoute<NoParameters, DatabaseStatus> Status { get; } =
        new(HttpMethod.Get, "/api/database", "Each server's role, lag and position, and the last changes of the writer.");

    public static ApiRoute<SwitchoverRequest, Done> SwitchOver { get; } =
        new(
            HttpMethod.Post,
            "/api/database/switchover",
            "Makes another primary the writer without losing a write. Answers when it is the writer. On a failure the writer is as before."
        );

    public static ApiRoute<ServerSwitch, Done> Maintain { get; } =
        new(
            HttpMethod.Post,
            "/api/database/servers/{server}/maintenance/{on}",
            "Takes a server out, so that it is neither promoted nor waited for, or back in."
        );

    public static ApiRoute<ServerSwitch, Done> Reseed { get; } =
        new(
            HttpMethod.Post,
            "/api/database/servers/{server}/reseed/{on}",
            "Orders a copy of another server's data in place of the server's own, or withdraws the order. The copy is in the status' seeds."
        );

    public static ApiRoute<NoParameters, Done> RenewReplicationPassword { get; } =
        new(
            HttpMethod.Post,
            "/api/database/replication-password",
            "Makes each server replicate with the present password. A failure names the servers that do not."
        );

    public static ApiRoute<NoParameters, Done> Acknowledge { get; } =
        new(HttpMethod.Post, "/api/database/acknowledge", "Acknowledges the last failover: the next one may come at any time.");
}

/// <param name="To">The server that becomes the writer; the other primary without it.</param>
public sealed record SwitchoverRequest(string? To = null);

/// <param name="Server">Its name, such as <c>mariadb-p2</c>.</param>
/// <param name="On">False: takes the order back.</param>
public sealed record ServerSwitch(string Server, bool On);
