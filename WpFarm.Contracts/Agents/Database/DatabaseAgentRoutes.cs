namespace WpFarm.Contracts.Agents.Database;

/// <summary>
/// The orders of the agent beside each MariaDB server (images/mariadb/database-agent), over HTTP/1.1. Each connection carries one order.
/// </summary>
/// <remarks>
/// Status 200: done. 403: the <see cref="OrderProof"/> is not valid. 404: unknown order. 500: the order was refused or failed; the body
/// gives the reason in one or a few lines for people, without an error code. The agent closes the connection without an answer if the head
/// of the request takes longer than 10 seconds or is malformed. Orders run concurrently, unless an order allows only one at a time.
/// A GTID position is written as MariaDB writes it (<c>0-1-7,2-2-51</c>); empty: no transaction.
/// </remarks>
public static class DatabaseAgentRoutes
{
    public static AgentRoute Crash { get; } = new("POST", "/crash");

    public static AgentRoute Free { get; } = new("GET", "/free");

    public static AgentRoute Room { get; } = new("GET", "/room");

    public static AgentRoute Origin { get; } = new("GET", "/origin");

    public static AgentRoute Copy { get; } = new("GET", "/copy");

    public static AgentRoute Contents { get; } = new("GET", "/contents");

    public static AgentRoute Check { get; } = new("GET", "/check");

    public static AgentRoute SeedBase { get; } = new("PUT", "/seed/base");

    public static AgentRoute SeedIncrement { get; } = new("PUT", "/seed/increment");

    public static AgentRoute UseSeed { get; } = new("POST", "/seed/use");

    public static AgentRoute Empty { get; } = new("POST", "/seed/empty");

    public static AgentRoute RemoveSeed { get; } = new("DELETE", "/seed");

    public static AgentRoute Aside { get; } = new("GET", "/aside");

    public static AgentRoute RemoveAside { get; } = new("DELETE", "/aside");

    public static AgentRoute Logs { get; } = new("GET", "/logs");

    public static AgentRoute Log { get; } = new("GET", "/log");

    public static AgentRoute Save { get; } = new("POST", "/save");

    public static AgentRoute Replay { get; } = new("PUT", "/replay");

    public static AgentRoute Advance { get; } = new("POST", "/advance");

    public static AgentRoute Export { get; } = new("GET", "/export");

    public static AgentRoute Import { get; } = new("PUT", "/import");

    public static AgentRoute RemoveDatabase { get; } = new("DELETE", "/database");
}
