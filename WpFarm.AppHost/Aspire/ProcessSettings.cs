using System.Text;
using Microsoft.Extensions.Configuration;
using WpFarm.Topology;

namespace WpFarm.AppHost.Aspire;

/// <summary>
/// Reads the settings file and the environment that the model gives a service, for a service that runs as a process of this machine.
/// Translates the paths and addresses of its container into those of this machine. A path or address that it cannot translate is an error,
/// so that no part of the model is lost.
/// </summary>
/// <param name="filePath">Path of one of the service's files on this machine.</param>
/// <param name="secretPath">Path of a secret on this machine.</param>
internal sealed class ProcessSettings(Service service, Func<MountedFile, string> filePath, Func<string, string> secretPath)
{
    private readonly Dictionary<string, string> _paths = service
        .Files.Select(file => KeyValuePair.Create(file.Path, filePath(file)))
        .Concat(service.Secrets.Select(secret => KeyValuePair.Create(Secret.PathOf(secret), secretPath(secret))))
        .ToDictionary();

    /// <param name="settingsPath">Path, in the container, of the service's settings file, which is JSON.</param>
    /// <returns>Environment variables by name.</returns>
    /// <exception cref="InvalidOperationException">The model gives the service something that a process of this machine cannot
    /// find.</exception>
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
                // An empty list has an empty text as its value; only a section with keys of its own has none.
                .Where(setting => setting.Value is not null)
                .Select(setting => KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value!)),
        ];
    }

    private ProcessSetting Translate(string value) =>
        _paths.TryGetValue(value, out var path) ? new ProcessSetting.Text(path)
        : service.Calls.FirstOrDefault(call => call.Endpoint.Address == value) is { } call ? new ProcessSetting.Address(call.Endpoint)
        : new ProcessSetting.Text(value);

    /// <summary>Aspire itself sets the variables that send telemetry to its dashboard.</summary>
    private static bool IsTelemetry(string variable) => variable.StartsWith("OTEL_", StringComparison.Ordinal);
}

internal abstract record ProcessSetting
{
    private ProcessSetting() { }

    public sealed record Text(string Value) : ProcessSetting;

    /// <summary>The address of a service that the process calls.</summary>
    public sealed record Address(ServiceEndpoint Endpoint) : ProcessSetting;
}
