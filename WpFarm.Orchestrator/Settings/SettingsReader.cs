using Microsoft.Extensions.Configuration.Json;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Settings;

internal static class SettingsReader
{
    /// <exception cref="InvalidSettingsException">The settings are invalid. The message names every problem.</exception>
    public static OrchestratorSettings Read(IConfigurationRoot configuration)
    {
        Check(
            StrictBinding
                .Unknown(typeof(OrchestratorSettings), KeysOfFile(configuration))
                .Concat(StrictBinding.Problems(typeof(OrchestratorSettings), configuration))
        );
        var settings = configuration.Get<OrchestratorSettings>()!;
        Check(StrictBinding.InvalidValues(settings).Concat(SettingsRules.Problems(settings)));
        return settings;
    }

    private static void Check(IEnumerable<string> problems)
    {
        if (problems.ToList() is { Count: > 0 } found)
            throw new InvalidSettingsException(found);
    }

    /// <summary>The top-level keys of the settings file. The environment also contains variables of other programs at that level.</summary>
    private static IEnumerable<string> KeysOfFile(IConfigurationRoot configuration) =>
        configuration
            .Providers.OfType<JsonConfigurationProvider>()
            .Where(provider => provider.Source.Path == Path.GetFileName(OrchestratorSettings.Path))
            .SelectMany(provider => provider.GetChildKeys([], parentPath: null))
            .Distinct();
}
