namespace WpFarm.Contracts.Api;

/// <summary>The farm: its sites, tiers and database.</summary>
/// <param name="Name">The Compose project or Swarm stack; null without an engine.</param>
/// <param name="Version">Version of the Orchestrator.</param>
public sealed record FarmStatus(
    string? Name,
    string Version,
    string Domain,
    IReadOnlyList<FarmSite> Sites,
    IReadOnlyList<FarmTier> Tiers,
    DatabaseStatus Database
);

public sealed record FarmSite(string Id, string Title, string Tier, string Url, IReadOnlyList<string> Hosts);

/// <param name="Min">Least number of containers.</param>
/// <param name="Max">Largest number of containers.</param>
public sealed record FarmTier(string Name, int Min, int Max, IReadOnlyList<string> Sites);
