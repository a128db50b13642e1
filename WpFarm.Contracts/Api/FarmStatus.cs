namespace WpFarm.Contracts.Api;

/// <summary>The farm: its sites, tiers and database.</summary>
/// <param name="Name">The compose project or swarm stack; null where there is no engine to ask.</param>
/// <param name="Version">Of the Orchestrator.</param>
public sealed record FarmStatus(
    string? Name,
    string Version,
    string Domain,
    IReadOnlyList<FarmSite> Sites,
    IReadOnlyList<FarmTier> Tiers,
    DatabaseStatus Database
);

public sealed record FarmSite(string Id, string Title, string Tier, string Url, IReadOnlyList<string> Hosts);

/// <param name="Min">Containers at least.</param>
/// <param name="Max">Containers at most.</param>
public sealed record FarmTier(string Name, int Min, int Max, IReadOnlyList<string> Sites);
