namespace WpFarm.Orchestrator.Database;

internal static class SecretFile
{
    /// <summary>The secret without the line break that editors put at the end. Read when used, so that a changed one is taken up.</summary>
    public static string Read(string path) => File.ReadAllText(path).TrimEnd('\r', '\n');
}
