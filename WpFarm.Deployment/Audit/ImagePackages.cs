using Docker.DotNet;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Audit;

/// <summary>
/// Looks into first-party images on this machine's engine, in containers that are removed afterwards: which packages they have, and what
/// apt would update in them.
/// </summary>
internal static class ImagePackages
{
    private const string StatusFile = "/var/lib/dpkg/status";

    /// <summary>The longest that a container of <see cref="UpdatesAsync"/> lives, if nobody removes it: in seconds.</summary>
    private const string Longest = "1800";

    /// <summary>Makes the docker command use this machine's engine, whichever engine the environment names.</summary>
    private static readonly Dictionary<string, string?> s_thisEngine = new() { ["DOCKER_HOST"] = null, ["DOCKER_CONTEXT"] = "default" };

    public static async Task<bool> IsHereAsync(DockerClient engine, string image, CancellationToken cancel)
    {
        try
        {
            await engine.Images.InspectImageAsync(image, cancel);
            return true;
        }
        catch (DockerImageNotFoundException)
        {
            return false;
        }
    }

    /// <summary>The content of dpkg's database in an image.</summary>
    public static Task<string> StatusAsync(string image, CancellationToken cancel) => ReadAsync(image, StatusFile, cancel);

    /// <exception cref="OperationFailedException">The image is not there, or has no such file.</exception>
    public static Task<string> ReadAsync(string image, string file, CancellationToken cancel) =>
        DockerAsync(["run", "--rm", "--network", "none", "--cap-drop", "ALL", "--read-only", "--entrypoint", "cat", image, file], cancel);

    /// <summary>
    /// What apt would update in each image: one container fetches Debian's lists once, by the sources of the base image, and simulates the
    /// update of each image's database.
    /// </summary>
    /// <param name="baseImage">A first-party image, whose lists of sources all others have too.</param>
    /// <param name="statuses">Content of dpkg's database, by image.</param>
    /// <exception cref="OperationFailedException">Debian's archive does not answer a container.</exception>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<PackageUpdate>>> UpdatesAsync(
        string baseImage,
        IReadOnlyDictionary<string, string> statuses,
        IFarmProgress progress,
        CancellationToken cancel
    )
    {
        string[] start = ["run", "--detach", "--rm", "--user", "0:0", "--entrypoint", "sleep", baseImage, Longest];
        var container = (await DockerAsync(start, cancel)).Trim();
        var file = Path.GetTempFileName();
        try
        {
            progress.Report("packages", "fetching Debian's lists");
            // Without the option a list that cannot be fetched is a warning.
            await DockerAsync(["exec", container, "apt-get", "--quiet", "--option", "APT::Update::Error-Mode=any", "update"], cancel);
            var updates = new Dictionary<string, IReadOnlyList<PackageUpdate>>();
            foreach (var (image, status) in statuses)
            {
                progress.Report($"packages of {image}", "looking for updates");
                await File.WriteAllTextAsync(file, status, cancel);
                await DockerAsync(["cp", "--quiet", file, $"{container}:/tmp/status"], cancel);
                string[] simulate = ["apt-get", "--simulate", "--option", "Dir::State::status=/tmp/status", "dist-upgrade"];
                updates[image] = PackageUpdate.Parse(await DockerAsync(["exec", container, .. simulate], cancel));
            }

            return updates;
        }
        finally
        {
            File.Delete(file);
            await DockerAsync(["rm", "--force", container], CancellationToken.None);
        }
    }

    private static async Task<string> DockerAsync(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var lines = new List<string>();
        await Shell.RunAsync("docker", arguments, lines.Add, environment: s_thisEngine, cancel: cancel);
        return string.Concat(lines.Select(line => line + "\n"));
    }
}
