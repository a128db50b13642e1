using System.Reflection;

namespace WpFarm.Orchestrator;

internal static class OrchestratorVersion
{
    public static string Text { get; } =
        typeof(OrchestratorVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
