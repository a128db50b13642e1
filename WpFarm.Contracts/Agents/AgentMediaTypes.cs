namespace WpFarm.Contracts.Agents;

/// <summary>What <c>Content-Type</c> an agent answers with. The Orchestrator goes by the order and does not look at it.</summary>
public static class AgentMediaTypes
{
    /// <summary>The database agent's answers that are not streams, JSON too, and its errors; all answers of a pool.</summary>
    public const string Text = "text/plain";

    /// <summary>All answers of the uploads agent.</summary>
    public const string Json = "application/json";

    /// <summary>Streams, with trailers.</summary>
    public const string Stream = "application/octet-stream";
}
