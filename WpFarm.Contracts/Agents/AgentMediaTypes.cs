namespace WpFarm.Contracts.Agents;

/// <summary>
/// Values of <c>Content-Type</c> in the answers of agents. The Orchestrator ignores them: the order determines the format.
/// </summary>
public static class AgentMediaTypes
{
    /// <summary>The database agent's answers except streams, including JSON, and its errors; all answers of a pool.</summary>
    public const string Text = "text/plain";

    /// <summary>All answers of the uploads agent.</summary>
    public const string Json = "application/json";

    /// <summary>Streams, with trailers.</summary>
    public const string Stream = "application/octet-stream";
}
