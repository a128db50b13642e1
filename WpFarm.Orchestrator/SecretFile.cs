namespace WpFarm.Orchestrator;

/// <summary>
/// Reads the file of a secret. It has a line for each accepted value: one, and a second while the secret is being changed. The file is read
/// at each use, so that a change takes effect.
/// </summary>
internal static class SecretFile
{
    /// <summary>The value to send to others.</summary>
    public static string Read(string path) => Accepted(path) is [var first, ..] ? first : "";

    /// <summary>Every value that is accepted from others.</summary>
    public static IReadOnlyList<string> Accepted(string path) => [.. File.ReadAllLines(path).Where(line => line.Length > 0)];
}
