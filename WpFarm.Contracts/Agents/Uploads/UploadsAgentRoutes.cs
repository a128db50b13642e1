namespace WpFarm.Contracts.Agents.Uploads;

/// <summary>
/// The orders of the agent that makes the snapshots of the uploads (images/uploads-backup), over HTTP/1.1. Each connection carries one
/// order.
/// </summary>
/// <remarks>
/// Status 200: done, answered with JSON. Any other status: <see cref="UploadsRefusal"/>. One order at a time: a second one is refused with
/// <see cref="UploadsFault.Busy"/>, except the three that only read (<see cref="Snapshots"/>, <see cref="Restores"/>,
/// <see cref="Progress"/>). When the client closes the connection, the agent aborts the order. An aborted order has no visible effect and
/// can be given again. <c>GET /healthz</c> is not an order: it needs no proof and answers <c>{}</c>.
/// </remarks>
public static class UploadsAgentRoutes
{
    public static AgentRoute Snapshot { get; } = new("POST", "/snapshots");

    public static AgentRoute Snapshots { get; } = new("GET", "/snapshots");

    public static AgentRoute Forget { get; } = new("POST", "/forget");

    public static AgentRoute Check { get; } = new("POST", "/check");

    public static AgentRoute Restore { get; } = new("POST", "/restore");

    public static AgentRoute Restores { get; } = new("GET", "/restores");

    public static AgentRoute RemoveRestore { get; } = new("DELETE", "/restore");

    public static AgentRoute Sample { get; } = new("GET", "/sample");

    public static AgentRoute Progress { get; } = new("GET", "/progress");
}
