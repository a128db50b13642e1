namespace WpFarm.Orchestrator;

/// <summary>
/// A secret's file has a line for each value that is accepted: one, and a second while it is changed. Read when used, so that a changed
/// one is taken up.
/// </summary>
internal static class SecretFile
{
    /// <summary>The value to use.</summary>
    public static string Read(string path) => Accepted(path) is [var first, ..] ? first : "";

    /// <summary>Every value that may come from others.</summary>
    public static IReadOnlyList<string> Accepted(string path) => [.. File.ReadAllLines(path).Where(line => line.Length > 0)];
}
