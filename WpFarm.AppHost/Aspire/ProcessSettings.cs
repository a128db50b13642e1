using System.Text;
using Microsoft.Extensions.Configuration;
using WpFarm.Topology;

namespace WpFarm.AppHost.Aspire;

/// <summary>
/// All that the model gives a service, for one that runs as a process of this machine: its settings file and its environment, with the
/// paths and addresses of its container turned into those of this machine. Whatever the process could not find there is an error here, so
/// nothing of the model can be forgotten.
/// </summary>
/// <param name="filePath">Where a file of the service is on this machine.</param>
/// <param name="secretPath">Where a secret is on this machine.</param>
internal sealed class ProcessSettings(Service service, Func<MountedFile, string> filePath, Func<string, string> secretPath)
{
    private readonly Dictionary<string, string> _paths = service
        .Files.Select(file => KeyValuePair.Create(file.Path, filePath(file)))
        .Concat(service.Secrets.Select(secret => KeyValuePair.Create(Secret.PathOf(secret), secretPath(secret))))
        .ToDictionary();

    /// <param name="settingsPath">Which of the service's files has its settings, as JSON.</param>
    /// <returns>Environment variables, by name.</returns>
    /// <exception cref="InvalidOperationException">The model gives the service what a process of this machine would not find.</exception>
    public SortedDictionary<string, ProcessSetting> Read(string settingsPath)
    {
        var values = Settings(settingsPath).Concat(service.Environment.Where(variable => !IsTelemetry(variable.Key))).ToList();
        var named = values.Select(value => value.Value).Append(settingsPath).ToHashSet();
        var problems = values
            .Where(value => Path.IsPathRooted(value.Value) && !_paths.ContainsKey(value.Value))
            .Select(value => $"{value.Key} is {value.Value}, which the model does not give to it")
            .Concat(_paths.Keys.Where(path => !named.Contains(path)).Select(path => $"no setting names {path}"))
            .Concat(service.Mounts.Select(mount => $"{mount.Source} cannot be mounted at {mount.Target}"))
            .ToList();
        if (problems.Count > 0)
            throw new InvalidOperationException($"{service.Name} cannot run as a process of this machine: {string.Join("; ", problems)}.");
        return new(values.ToDictionary(value => value.Key, value => Translate(value.Value)), StringComparer.Ordinal);
    }

    private IEnumerable<KeyValuePair<string, string>> Settings(string path)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(service.Files.Single(file => file.Path == path).Content));
        return
        [
            .. new ConfigurationBuilder()
                .AddJsonStream(content)
                .Build()
                .AsEnumerable()
                // An empty list is an empty text; only what has keys of its own has no value.
                .Where(setting => setting.Value is not null)
                .Select(setting => KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value!)),
        ];
    }

    private ProcessSetting Translate(string value) =>
        _paths.TryGetValue(value, out var path) ? new ProcessSetting.Text(path)
        : service.Calls.FirstOrDefault(call => call.Endpoint.Address == value) is { } call ? new ProcessSetting.Address(call.Endpoint)
        : new ProcessSetting.Text(value);

    /// <summary>Telemetry goes to Aspire's dashboard, which says so itself.</summary>
    private static bool IsTelemetry(string variable) => variable.StartsWith("OTEL_", StringComparison.Ordinal);
}

internal abstract record ProcessSetting
{
    private ProcessSetting() { }

    public sealed record Text(string Value) : ProcessSetting;

    /// <summary>Where the process reaches a service that it calls.</summary>
    public sealed record Address(ServiceEndpoint Endpoint) : ProcessSetting;
}
