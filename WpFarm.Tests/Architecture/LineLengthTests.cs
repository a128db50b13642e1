using System.Diagnostics;

namespace WpFarm.Tests.Architecture;

public sealed class LineLengthTests
{
    private const int Columns = 140;

    private static readonly string[] s_sources = ["images", "bench", "eng", ".ci", "farm", "WpFarm.*"];

    /// <summary>Rendered from the model, or written by a program.</summary>
    private static readonly string[] s_generated =
    [
        "WpFarm.sln",
        "WpFarm.Tests/Topology/RenderedFarms/Snapshots/",
        "WpFarm.Topology/Layers/Observability/grafana-farm.json",
    ];

    [Fact]
    public void A_line_has_at_most_140_columns()
    {
        var problems = Sources().SelectMany(LongLines).ToList();

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private static IEnumerable<string> LongLines(string path) =>
        File.ReadLines(Path.Combine(Project.Root, path))
            .Select((line, i) => (Number: i + 1, Columns: line.EnumerateRunes().Count()))
            .Where(line => line.Columns > Columns)
            .Select(line => $"{path}:{line.Number}: has {line.Columns} columns. Break it at {Columns}.");

    /// <summary>What git tracks, and people write.</summary>
    private static IEnumerable<string> Sources()
    {
        using var git = Process.Start(
            new ProcessStartInfo("git", ["-C", Project.Root, "ls-files", "-z", "--", .. s_sources]) { RedirectStandardOutput = true }
        )!;
        var paths = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return paths.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(IsWritten);
    }

    private static bool IsWritten(string path) =>
        Path.GetExtension(path) != ".md" && !s_generated.Any(start => path.StartsWith(start, StringComparison.Ordinal));
}
