using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Settings;

/// <summary>The Orchestrator's settings are invalid, so it cannot start.</summary>
internal sealed class InvalidSettingsException(IReadOnlyList<string> problems)
    : Exception(
        $"The settings of the Orchestrator are invalid. Correct them in {OrchestratorSettings.Path}, or in the environment variables that "
            + $"replace them (Engine__Project is Engine:Project):\n  {string.Join("\n  ", problems)}"
    )
{
    public IReadOnlyList<string> Problems => problems;
}
