namespace WpFarm.Tests;

/// <summary>
/// Compares a text with the one in the repository. <c>WPFARM_ACCEPT=1 ./farm test --fast</c> stores new texts, and git shows what
/// changed.
/// </summary>
internal static class Snapshot
{
    public const string HowToAccept = "WPFARM_ACCEPT=1 ./farm test --fast takes it over, and git shows what changed.";

    public static bool IsAccepting => Environment.GetEnvironmentVariable("WPFARM_ACCEPT") == "1";

    public static void Match(string actual, string path)
    {
        if (IsAccepting)
            File.WriteAllText(path, actual);
        var kept = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(kept == actual, $"{path}, {FirstDifference(kept, actual)} {HowToAccept}");
    }

    public static string FirstDifference(string expected, string actual)
    {
        var (before, now) = (expected.Split('\n'), actual.Split('\n'));
        var line = before.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"line {line + 1}: expected '{before.ElementAtOrDefault(line)}', is '{now.ElementAtOrDefault(line)}'.";
    }
}
