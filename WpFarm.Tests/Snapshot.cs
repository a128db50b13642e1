using System.Runtime.CompilerServices;

namespace WpFarm.Tests;

/// <summary>
/// Compares a text with the one kept beside the test. A difference fails and leaves the new text as <c>.received</c>;
/// <c>WPFARM_ACCEPT=1 ./farm test --fast</c> takes new texts over, and git shows what changed.
/// </summary>
internal static class Snapshot
{
    public static void Match(string actual, string name, [CallerFilePath] string testFile = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(testFile)!, "Snapshots");
        var kept = Path.Combine(folder, name);
        var received = kept + ".received";
        if (Environment.GetEnvironmentVariable("WPFARM_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
            File.WriteAllText(kept, actual);
            File.Delete(received);
            return;
        }

        var expected = File.Exists(kept) ? File.ReadAllText(kept) : "";
        if (expected == actual)
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllText(received, actual);
        Assert.Fail($"{name} is not as it was kept. {FirstDifference(expected, actual)} See {received}; take it over with WPFARM_ACCEPT=1.");
    }

    private static string FirstDifference(string expected, string actual)
    {
        var (before, now) = (expected.Split('\n'), actual.Split('\n'));
        var line = before.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"Line {line + 1}: was '{before.ElementAtOrDefault(line)}', is '{now.ElementAtOrDefault(line)}'.";
    }
}
