using System.Xml.Linq;
using WpFarm.Deployment.Instance;
using WpFarm.Tests.Integration;

namespace WpFarm.Tests.Cli;

public sealed class ScaleCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wpfarm-scale-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_recording_is_simulated_and_drawn()
    {
        var (recording, plot) = (Path.Combine(_folder, "morning.csv"), Path.Combine(_folder, "morning.svg"));
        await File.WriteAllTextAsync(recording, "seconds,pages\n0,5\n600,40\n3600,40\n");

        var (exitCode, output) = await SimulateAsync("--traffic", recording, "--tier", "silver", "--plot", plot);

        Assert.Equal(0, exitCode);
        Assert.Equal(4, output.Split('\n').Count(line => line.Contains("morning.csv", StringComparison.Ordinal)));
        Assert.Equal("svg", XDocument.Parse(await File.ReadAllTextAsync(plot)).Root!.Name.LocalName);
    }

    [Fact]
    public async Task Every_change_is_in_the_JSON_with_its_reason()
    {
        var (exitCode, output) = await SimulateAsync("--traffic", "business-day", "--json");

        Assert.Equal(0, exitCode);
        Assert.Contains("\"reason\": \"2 → 3: busy PHP workers", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once_with_exit_code_2()
    {
        var (exitCode, output) = await SimulateAsync("--tier", "gld", "--sites", "0", "--plot", "x.svg");

        Assert.Equal(2, exitCode);
        Assert.Contains("--tier gld: is not a tier", output, StringComparison.Ordinal);
        Assert.Contains("--sites 0: must be 1 to 10000.", output, StringComparison.Ordinal);
        Assert.Contains("--plot: needs --traffic", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_traffic_that_is_not_there_is_exit_code_2()
    {
        var (exitCode, output) = await SimulateAsync("--traffic", "quiet-day");

        Assert.Equal(2, exitCode);
        Assert.Contains("--traffic quiet-day: is neither a file nor one of calm-day, business-day", output, StringComparison.Ordinal);
    }

    /// <summary>Runs the command that the tests were built with. ./farm would first build it again, several times in parallel.</summary>
    internal static Task<(int ExitCode, string Output)> SimulateAsync(params string[] arguments) =>
        SharedFarm.RunAsync(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "farm.dll"),
                "scale",
                "simulate",
                "--file",
                Path.Combine(RepositoryRoot.Find(), "farm.json"),
                .. arguments,
            ]
        );
}
