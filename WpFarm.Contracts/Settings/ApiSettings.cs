namespace WpFarm.Contracts.Settings;

/// <summary>Section <c>Api</c>: the Orchestrator's own API.</summary>
public sealed record ApiSettings
{
    /// <summary>The path of the file that holds the API's token.</summary>
    public required string TokenFile { get; init; }
}
