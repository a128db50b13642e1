namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>Which data a server has, and what copies it.</summary>
/// <param name="Instance">A name that data gets when a server first starts with it: no two copies share one.</param>
/// <param name="Version">Of mariadb-backup.</param>
internal sealed record DataOrigin(string Instance, string Version);
