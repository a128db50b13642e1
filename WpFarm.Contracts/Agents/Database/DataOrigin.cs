namespace WpFarm.Contracts.Agents.Database;

/// <summary>Which data a server has, and what copies it: <c>{"instance":"6b07…","version":"11.8.3"}</c>.</summary>
/// <param name="Instance">A name that data gets when a server first starts with it: no two copies share one.</param>
/// <param name="Version">Of mariadb-backup.</param>
public sealed record DataOrigin(string Instance, string Version);
