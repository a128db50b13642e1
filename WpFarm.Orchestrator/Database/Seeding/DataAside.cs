namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>The data that a server had before it was given other data, on its volume.</summary>
internal sealed record DataAside(long Bytes, DateTimeOffset Since);
