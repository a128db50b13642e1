using System.CommandLine;
using Spectre.Console;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Sbom;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm sbom</c>: bills of materials of the images.</summary>
internal static class SbomCommand
{
    private static readonly Argument<string> s_folder = new("folder") { Description = "The folder that gets the files." };

    public static Command Create()
    {
        var command = FarmCommand.Create(
            "sbom",
            "Write a bill of materials (CycloneDX 1.6, JSON) of each image that the farm builds itself: every Debian package, and the "
                + "NuGet packages of the Orchestrator.",
            RunAsync,
            SharedOptions.Name,
            SharedOptions.File
        );
        command.Arguments.Add(s_folder);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var written = await FarmProgress.ShowAsync(progress =>
            new BillsOfMaterials(RepositoryRoot.Find(), parsed.Instance(), progress, TimeProvider.System).WriteAsync(
                parsed.FarmFile(),
                parsed.GetRequiredValue(s_folder),
                cancel
            )
        );
        foreach (var (file, packages) in written)
            Terminal.Out.WriteLine($"{file}: {packages} packages");
        return ExitCode.Ok;
    }
}
