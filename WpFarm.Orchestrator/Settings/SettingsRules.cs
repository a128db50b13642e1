using WpFarm.Backups.Retention;
using WpFarm.Backups.Store;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Settings;

/// <summary>
/// Checks what types and ranges do not express: that files exist, that addresses have the right form, that each server has its own address.
/// </summary>
internal static class SettingsRules
{
    public static IEnumerable<string> Problems(OrchestratorSettings settings) =>
        [
            .. File(settings.Farm.File, "Farm:File"),
            .. TokenFile(settings.Api.TokenFile),
            .. Database(settings.Database),
            .. File(settings.Security.PasswordFile, "Security:PasswordFile"),
            .. settings.Certificates is { } certificates ? File(certificates.KeyFile, "Certificates:KeyFile") : [],
            .. settings.Backups is { } backups ? Backups(backups) : [],
        ];

    private static IEnumerable<string> File(string path, string key) =>
        System.IO.File.Exists(path) ? [] : [$"{key} names a file that does not exist: {path}."];

    private static IEnumerable<string> TokenFile(string path) =>
        !System.IO.File.Exists(path) || SecretFile.Accepted(path).Count > 0
            ? File(path, "Api:TokenFile")
            : [$"Api:TokenFile names a file that is empty, {path}; it must hold the API's token."];

    private static IEnumerable<string> Database(DatabaseSettings database) =>
        [
            .. File(database.PasswordFile, "Database:PasswordFile"),
            .. File(database.ReplicationPasswordFile, "Database:ReplicationPasswordFile"),
            .. database
                .Addresses.Where(entry => entry.Value is not { IsAbsoluteUri: true, Port: > 0 })
                .Select(entry => $"Database:Addresses:{entry.Key} is '{entry.Value}', which is not of the form tcp://HOST:PORT."),
            .. database
                .Agents.Where(entry => entry.Value is not { IsAbsoluteUri: true, Scheme: "http" })
                .Select(entry => $"Database:Agents:{entry.Key} is '{entry.Value}', which is not of the form http://HOST:PORT."),
            .. database.Primaries.Concat(database.Replicas).SelectMany(server => Server(database, server)),
        ];

    private static IEnumerable<string> Server(DatabaseSettings database, string server) =>
        new[] { ("Addresses", database.Addresses), ("Agents", database.Agents) }
            .Where(map => !map.Item2.ContainsKey(server))
            .Select(map => $"Database:{map.Item1}:{server} is missing, but {server} is one of the database servers.");

    private static IEnumerable<string> Backups(BackupSettings backups) =>
        [
            .. File(backups.KeyFile, "Backups:KeyFile"),
            .. backups.Store.Problems("Backups:Store"),
            .. backups.Keep.Problems("Backups:Keep"),
            .. backups.Uploads is { } uploads ? Uploads(uploads) : [],
        ];

    private static IEnumerable<string> Uploads(UploadsSettings uploads) =>
        [
            .. uploads.Address is { IsAbsoluteUri: true, Scheme: "http" }
                ? Array.Empty<string>()
                : [$"Backups:Uploads:Address is '{uploads.Address}', which is not of the form http://HOST:PORT."],
            .. File(uploads.KeyFile, "Backups:Uploads:KeyFile"),
        ];
}
