using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Deployment.Images;

/// <summary>Makes the images of a farm be on the engine: builds the first-party ones that are not, pulls the upstream ones.</summary>
public sealed class ImageBuilder(DockerClient engine, ImageSources sources, string root, IFarmProgress progress)
{
    /// <summary>Images are built here, wherever the environment points the docker command.</summary>
    private static readonly Dictionary<string, string?> s_thisEngine = new() { ["DOCKER_HOST"] = null, ["DOCKER_CONTEXT"] = "default" };

    private static readonly TimeSpan s_pullLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_registryLimit = TimeSpan.FromSeconds(8);

    /// <summary>Builds in parallel what is missing. An image is named only when it is whole, so a killed build leaves nothing half-done.</summary>
    public async Task<ImageTags> BuildAsync(IReadOnlyList<Image.FirstParty> images, CancellationToken cancel)
    {
        var folders = images.Select(i => i.Folder).Distinct().Order(StringComparer.Ordinal).ToList();
        var unknown = folders.Where(f => !sources.Exists(f)).ToList();
        if (unknown.Count > 0)
            throw new InvalidInputException(unknown.ConvertAll(f => $"images/{f}/Dockerfile: is not there."));

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

        // Two at a time keep download and compression both busy; more only fight over the disk.
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount / 2),
            CancellationToken = cancel,
        };
        await Parallel.ForEachAsync(missing, options, async (folder, token) => await BuildOneAsync(folder, tags, token));
        return tags;
    }

    /// <returns>Those of <paramref name="images"/> that are neither here nor can be pulled.</returns>
    public async Task<IReadOnlySet<Image.Upstream>> PullAsync(IReadOnlyList<Image.Upstream> images, CancellationToken cancel)
    {
        var missing = new HashSet<Image.Upstream>();
        var absent = new List<Image.Upstream>();
        foreach (var image in images.Distinct())
            if (!await IsHereAsync(image.Reference, cancel))
                absent.Add(image);

        // Whether a registry answers is asked once per registry, not once per image.
        foreach (var registry in absent.GroupBy(i => RegistryOf(i.Repository)))
        {
            var reachable = await AnswersAsync(registry.Key, cancel);
            foreach (var image in registry)
                if (!reachable || !await TryPullAsync(image, cancel))
                    missing.Add(image);
        }

        return missing;
    }

    /// <summary>Pushes the first-party images to their registry, in one layer after the other that is not there yet.</summary>
    /// <exception cref="InvalidInputException">The registry refuses.</exception>
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
                    $"registry: {reference} cannot be pushed. Is the address right, and are you logged in (docker login {RegistryOf(reference)})? {e.Message}"
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

    /// <summary>Publishes into a build context of its own: what the Dockerfile copies is exactly what was published.</summary>
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
            // A build server that stays behind would hold the output open whose end we wait for.
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

    /// <summary>BuildKit's plain progress: <c>#7 [2/5] RUN apt-get …</c>.</summary>
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
            if (!await IsHereAsync(tags.Reference(new Image.FirstParty(folder)), cancel))
                missing.Add(folder);
        return missing;
    }

    private async Task<bool> IsHereAsync(string reference, CancellationToken cancel)
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

    /// <summary>Any HTTP answer of <c>/v2/</c>, also 401, shows a registry.</summary>
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

    /// <summary>The first part of a repository is a registry when it has a dot or a port; otherwise it is Docker Hub's.</summary>
    private static string RegistryOf(string repository) =>
        repository.Split('/') is [var first, _, ..] && first.AsSpan().ContainsAny('.', ':') ? first : "registry-1.docker.io";
}
