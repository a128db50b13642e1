using WpFarm.Deployment.Audit;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Images;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Deployment.Sbom;

/// <summary>Writes a bill of materials for each first-party image of a farm.</summary>
public sealed class BillsOfMaterials(string root, FarmInstance instance, IFarmProgress progress, TimeProvider time)
{
    /// <summary>What the Orchestrator's program was built with.</summary>
    private const string OrchestratorDependencies = "/app/WpFarm.Orchestrator.deps.json";

    /// <param name="folder">Gets one file <c>IMAGE.cdx.json</c> per image. Is created if it does not exist.</param>
    /// <returns>The files and the number of packages in each.</returns>
    /// <exception cref="InvalidInputException">
    /// farm.json is not valid, <paramref name="folder"/> is a file, the engine does not answer, or images are not built yet. Nothing was
    /// written.
    /// </exception>
    public async Task<IReadOnlyList<(string File, int Packages)>> WriteAsync(string farmFile, string folder, CancellationToken cancel)
    {
        var farm = Farm.Build(FarmRunbook.ReadFarmFile(farmFile));
        if (File.Exists(folder))
            throw new InvalidInputException($"{folder}: is a file. Name a folder for the bills of materials.");
        var images = await ImagesAsync(farm, cancel);
        progress.Begin("Images");
        var written = new List<(string, int)>();
        foreach (var image in images)
        {
            progress.Report(image, "reading its packages");
            var packages = await PackagesAsync(image, cancel);
            var file = Path.Combine(folder, $"{FolderOf(image)}.cdx.json");
            AtomicFile.Write(file, CycloneDxBom.Write(image, packages, time.GetUtcNow()));
            written.Add((file, packages.Count));
        }

        return written;
    }

    private async Task<IReadOnlyList<string>> ImagesAsync(Farm farm, CancellationToken cancel)
    {
        using var engine = Engine.Connect();
        if (await Engine.VersionOfAsync(engine, cancel) is null)
            throw new InvalidInputException("docker engine: does not answer. Start it: ./farm up");
        var containers = await new ComposeHost(engine, instance, progress).ContainersAsync(cancel);
        var images = FirstPartyImages.Of(farm, containers, new ImageSources(root).TagsOf(farm));
        var missing = new List<string>();
        foreach (var image in images)
            if (!await ImagePackages.IsHereAsync(engine, image, cancel))
                missing.Add($"image {image}: is not built yet. Build it: ./farm up");
        return missing.Count > 0 ? throw new InvalidInputException(missing) : images;
    }

    private static async Task<IReadOnlyList<ImagePackage>> PackagesAsync(string image, CancellationToken cancel)
    {
        var packages = DebianPackageList.Parse(await ImagePackages.StatusAsync(image, cancel));
        return FolderOf(image) == ImageSources.Orchestrator
            ? [.. packages, .. NuGetPackageList.Parse(await ImagePackages.ReadAsync(image, OrchestratorDependencies, cancel))]
            : packages;
    }

    /// <summary>The folder under <c>images/</c> from which an image was built.</summary>
    private static string FolderOf(string image) => image[(image.LastIndexOf('/') + 1)..image.LastIndexOf(':')];
}
