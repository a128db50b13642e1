using System.CommandLine;
using Spectre.Console;
using WpFarm.Deployment.Images;
using WpFarm.Deployment.Instance;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm images</c>: the first-party images.</summary>
internal static class ImagesCommand
{
    public static Command Create() =>
        new("images", "The images that the farm builds itself.")
        {
            FarmCommand.Create(
                "refresh",
                "Make the next build of the images take all of Debian's updates: writes the present time into "
                    + $"{ImageSources.PackagesFile}. Builds and starts nothing.",
                RefreshAsync
            ),
        };

    private static Task<int> RefreshAsync(ParseResult parsed, CancellationToken cancel)
    {
        var moment = new ImageSources(RepositoryRoot.Find()).Refresh(TimeProvider.System.GetUtcNow());
        Terminal.Out.WriteLine(
            $"{ImageSources.PackagesFile}: {moment}. Every image is built again at the next ./farm up or ./farm deploy."
        );
        Terminal.Out.WriteLine("Commit the file, so that other machines build the same.");
        return Task.FromResult(ExitCode.Ok);
    }
}
