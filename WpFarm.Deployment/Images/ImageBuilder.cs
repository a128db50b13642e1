using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Deployment.Images;

/// <summary>
/// Ensures that the images of a farm are on the engine: builds missing first-party images and pulls missing upstream images.
/// </summary>
public sealed class ImageBuilder(DockerClient engine, ImageSources sources, string root, IFarmProgress progress)
{
    /// <summary>Makes the docker command use this machine's engine, whichever engine the environment names.</summary>
    private static readonly Dictionary<string, string?> s_thisEngine = new() { ["DOCKER_HOST"] = null, ["DOCKER_CONTEXT"] = "default" };

    private static readonly TimeSpan s_pullLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_registryLimit = TimeSpan.FromSeconds(8);

    /// <summary>
    /// Builds missing images in parallel. Docker names an image only when it is complete, so a killed build leaves no partial image.
    /// </summary>
    public async Task<ImageTags> BuildAsync(IReadOnlyList<Image.FirstParty> images, CancellationToken cancel)
    {
        var folders = images.Select(i => i.Folder).Distinct().Order(StringComparer.Ordinal).ToList();
        var unknown = folders.Where(f => !sources.Exists(f)).ToList();
        if (unknown.Count > 0)
            throw new InvalidInputException(
                unknown.ConvertAll(f => $"images/{f}/Dockerfile: does not exist. Restore it from the repository.")
            );

        var tags = sources.TagsOf(folders);
        var missing = await MissingAsync(folders, tags, cancel);
        if (missing.Count == 0)
        {
            progress.Report("images", $"{folders.Count} up to date");
            return tags;
        }

        if ((await MissingAsync([ImageSources.Base], tags, cancel)).Count > 0)
        {
            await new BaseImage(engine, progress).EnsureAsync(cancel);
            await BuildOneAsync(ImageSources.Base, tags, cancel);
        }

        // At least two at a time keep both download and compression busy; more only compete for the disk.
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount / 2),
            CancellationToken = cancel,
        };
        await Parallel.ForEachAsync(missing, options, async (folder, token) => await BuildOneAsync(folder, tags, token));
        return tags;
    }

    /// <summary>Pulls upstream images that the engine lacks.</summary>
    /// <returns>Those of <paramref name="images"/> that the engine lacks and that cannot be pulled.</returns>
    public async Task<IReadOnlySet<Image.Upstream>> PullAsync(IReadOnlyList<Image.Upstream> images, CancellationToken cancel)
    {
        var missing = new HashSet<Image.Upstream>();
        var absent = new List<Image.Upstream>();
        foreach (var image in images.Distinct())
            if (!await ExistsAsync(image.Reference, cancel))
                absent.Add(image);

        // Checks once per registry, not once per image, whether the registry answers.
        foreach (var registry in absent.GroupBy(i => RegistryOf(i.Repository)))
        {
            var reachable = await AnswersAsync(registry.Key, cancel);
            foreach (var image in registry)
                if (!reachable || !await TryPullAsync(image, cancel))
                    missing.Add(image);
        }

        return missing;
    }

    /// <summary>Pushes the first-party images to their registry. Docker transfers only the layers that the registry lacks.</summary>
    /// <exception cref="InvalidInputException">The registry refuses an image.</exception>
    public async Task PushAsync(ImageTags tags, CancellationToken cancel)
    {
        var local = tags with { Registry = null };
        foreach (
            var image in tags.FirstParty.Keys.Where(folder => folder != ImageSources.Base).Select(folder => new Image.FirstParty(folder))
        )
        {
            var reference = tags.Reference(image);
            progress.Report($"image {image.Folder}", "pushing");
            try
            {
                await Shell.RunAsync("docker", ["tag", local.Reference(image), reference], environment: s_thisEngine, cancel: cancel);
                await Shell.RunAsync("docker", ["push", "--quiet", reference], environment: s_thisEngine, cancel: cancel);
            }
            catch (OperationFailedException e)
            {
                throw new InvalidInputException(
                    $"registry: {reference} cannot be pushed. Check the address (farm.json: registry), and log in: "
                        + $"docker login {RegistryOf(reference)}. {e.Message}"
                );
            }

            progress.Report($"image {image.Folder}", $"pushed to {reference}");
        }
    }

    private async Task BuildOneAsync(string folder, ImageTags tags, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        var context = sources.FolderOf(folder);
        if (folder == ImageSources.Orchestrator)
            context = await PublishOrchestratorAsync(tags.FirstParty[folder], cancel);

        var reference = tags.Reference(new Image.FirstParty(folder));
        var parent = folder == ImageSources.Base ? ImageSources.DebianBase : tags.Reference(new Image.FirstParty(ImageSources.Base));
        progress.Report($"image {folder}", "building");
        string[] arguments =
        [
            "buildx",
            "build",
            "--load",
            "--progress",
            "plain",
            "--tag",
            reference,
            "--build-arg",
            $"BASE={parent}",
            context,
        ];
        await Shell.RunAsync("docker", arguments, line => ReportBuildStep(folder, line), environment: s_thisEngine, cancel: cancel);
        progress.Report($"image {folder}", $"built in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s");
    }

    /// <summary>
    /// Publishes the .NET program into a separate build context, so that the Dockerfile copies exactly what was published.
    /// </summary>
    private async Task<string> PublishOrchestratorAsync(string tag, CancellationToken cancel)
    {
        var context = Path.Combine(root, ".farm", "build", $"orchestrator-{tag}");
        Directory.CreateDirectory(context);
        foreach (var file in Directory.EnumerateFiles(sources.FolderOf(ImageSources.Orchestrator)))
            File.Copy(file, Path.Combine(context, Path.GetFileName(file)), overwrite: true);
        progress.Report("image orchestrator", "publishing the .NET program");
        await Shell.RunAsync(
            "dotnet",
            [
                "publish",
                Path.Combine(root, "WpFarm.Orchestrator"),
                "--configuration",
                "Release",
                "--runtime",
                "linux-x64",
                "--self-contained",
                "--output",
                Path.Combine(context, "app"),
                "--nologo",
            ],
            // A build server that outlives the build would keep its output stream open, and the wait for its end would not return.
            environment: new Dictionary<string, string?>
            {
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["UseSharedCompilation"] = "false",
                ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            },
            cancel: cancel
        );
        return context;
    }

    /// <summary>Reports a line of BuildKit's plain progress: <c>#7 [2/5] RUN apt-get …</c>.</summary>
    private void ReportBuildStep(string folder, string line)
    {
        if (
            line.StartsWith('#')
            && line.IndexOf(" [", StringComparison.Ordinal) is var start and > 0
            && !line.Contains("[internal]", StringComparison.Ordinal)
        )
            progress.Report($"image {folder}", line[(start + 1)..Math.Min(line.Length, start + 70)]);
    }

    private async Task<List<string>> MissingAsync(IReadOnlyList<string> folders, ImageTags tags, CancellationToken cancel)
    {
        var missing = new List<string>();
        foreach (var folder in folders)
            if (!await ExistsAsync(tags.Reference(new Image.FirstParty(folder)), cancel))
                missing.Add(folder);
        return missing;
    }

    private async Task<bool> ExistsAsync(string reference, CancellationToken cancel)
    {
        try
        {
            await engine.Images.InspectImageAsync(reference, cancel);
            return true;
        }
        catch (DockerImageNotFoundException)
        {
            return false;
        }
    }

    private async Task<bool> TryPullAsync(Image.Upstream image, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(s_pullLimit);
        try
        {
            progress.Report($"image {image}", "pulling");
            await engine.Images.CreateImageAsync(
                new ImagesCreateParameters { FromImage = image.Repository, Tag = image.Tag },
                null,
                new Progress<JSONMessage>(),
                limit.Token
            );
            progress.Report($"image {image}", "pulled");
            return true;
        }
        catch (Exception e)
            when (e is DockerApiException or HttpRequestException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            progress.Report($"image {image}", $"not pulled: {e.Message}");
            return false;
        }
    }

    /// <summary>True when <c>/v2/</c> gives any HTTP response, even 401: then a registry is there.</summary>
    private static async Task<bool> AnswersAsync(string registry, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = s_registryLimit };
        try
        {
            using var response = await http.GetAsync(new Uri($"https://{registry}/v2/"), HttpCompletionOption.ResponseHeadersRead, cancel);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>
    /// The registry of a repository: its first part if that has a dot or a port, otherwise Docker Hub.
    /// </summary>
    private static string RegistryOf(string repository) =>
        repository.Split('/') is [var first, _, ..] && first.AsSpan().ContainsAny('.', ':') ? first : "registry-1.docker.io";
}
