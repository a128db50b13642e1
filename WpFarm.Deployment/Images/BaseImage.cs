using Docker.DotNet;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Images;

/// <summary>
/// Ensures that <c>debian:trixie-slim</c>, the base of all first-party images, is on the engine. Pulls it, or, where no registry answers,
/// bootstraps it from the Debian archive under the same name.
/// </summary>
internal sealed class BaseImage(DockerClient engine, IFarmProgress progress)
{
    private static readonly TimeSpan s_pullLimit = TimeSpan.FromSeconds(60);

    public async Task EnsureAsync(CancellationToken cancel)
    {
        try
        {
            await engine.Images.InspectImageAsync(ImageSources.DebianBase, cancel);
            return;
        }
        catch (DockerImageNotFoundException)
        {
            progress.Report("image debian", "pulling");
        }

        if (await TryPullAsync(cancel))
            return;
        progress.Report("image debian", "no registry answers: bootstrapping trixie from the Debian archive");
        await DebianPackages.EnsureAsync("mmdebstrap", "mmdebstrap", progress, cancel);
        await BootstrapAsync(cancel);
        progress.Report("image debian", "bootstrapped");
    }

    private static async Task<bool> TryPullAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(s_pullLimit);
        try
        {
            return await Shell.TryReadAsync("docker", ["pull", "--quiet", ImageSources.DebianBase], limit.Token) is not null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>mmdebstrap verifies the archive's signatures; docker names the image only when the import is complete.</summary>
    private static async Task BootstrapAsync(CancellationToken cancel)
    {
        var archive = Path.Combine(Path.GetTempPath(), $"wpfarm-trixie-{Environment.ProcessId}.tar");
        try
        {
            await Shell.RunAsync("mmdebstrap", ["--variant=minbase", "--quiet", "trixie", archive], cancel: cancel);
            await Shell.RunAsync("docker", ["import", "--change", "CMD [\"bash\"]", archive, ImageSources.DebianBase], cancel: cancel);
        }
        finally
        {
            File.Delete(archive);
        }
    }
}
