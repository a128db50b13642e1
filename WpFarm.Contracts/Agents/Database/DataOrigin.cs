namespace WpFarm.Contracts.Agents.Database;

/// <summary>Identifies a server's data and the version of its copy program: <c>{"instance":"6b07…","version":"11.8.3"}</c>.</summary>
/// <param name="Instance">An id that the data gets when a server first starts with it. No two copies have the same.</param>
/// <param name="Version">Version of mariadb-backup.</param>
public sealed record DataOrigin(string Instance, string Version);
